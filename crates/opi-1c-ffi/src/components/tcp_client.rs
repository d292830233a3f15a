//! The class `TCPClient`.

use std::sync::Arc;

use crate::context::Context;
use crate::dispatch::Component;
use crate::language::Bilingual;
use crate::table::{Method, Property};

#[derive(Debug)]
pub(crate) struct TcpClient;

impl Component for TcpClient {
    const CLASS: (&'static str, Bilingual) =
        ("TCPClient", Bilingual::new("One TCP connection.", "Одно TCP-соединение."));
    const METHODS: &'static [Method<Self>] = &[];
    const PROPERTIES: &'static [Property<Self>] = &[];

    fn new(_context: Arc<Context>) -> Self {
        Self
    }

    fn close(&self) {}
}
