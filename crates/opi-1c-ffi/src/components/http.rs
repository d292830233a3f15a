//! The class `HTTPConnector`.

use std::sync::Arc;

use crate::context::Context;
use crate::dispatch::Component;
use crate::language::Bilingual;
use crate::table::{Method, Property};

#[derive(Debug)]
pub(crate) struct HttpConnector;

impl Component for HttpConnector {
    const CLASS: (&'static str, Bilingual) =
        ("HTTPConnector", Bilingual::new("A session of HTTP requests.", "Сессия HTTP-запросов."));
    const METHODS: &'static [Method<Self>] = &[];
    const PROPERTIES: &'static [Property<Self>] = &[];

    fn new(_context: Arc<Context>) -> Self {
        Self
    }

    fn close(&self) {}
}
