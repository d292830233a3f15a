//! The class `TCPServer`.

use std::sync::Arc;

use crate::context::Context;
use crate::dispatch::Component;
use crate::language::Bilingual;
use crate::table::{Method, Property};

#[derive(Debug)]
pub(crate) struct TcpServer;

impl Component for TcpServer {
    const CLASS: (&'static str, Bilingual) =
        ("TCPServer", Bilingual::new("A TCP server.", "TCP-сервер."));
    const METHODS: &'static [Method<Self>] = &[];
    const PROPERTIES: &'static [Property<Self>] = &[];

    fn new(_context: Arc<Context>) -> Self {
        Self
    }

    fn close(&self) {}
}
