//! HTTP/1.1 servers: a queue of answers and a record of requests, read strictly and without hyper.

mod answer;
mod head;
mod httpbin;
mod request;
mod send;
mod serve;
mod server;
mod wire;

pub use self::{
    answer::Answer, head::Headers, httpbin::httpbin, request::Request, server::HttpServer,
};
pub(crate) use self::{
    head::Head,
    send::Sent,
    wire::{Broken, Wire},
};
