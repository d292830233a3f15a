//! The command `opi` as a script sees it: arguments in, bytes and an exit code out.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a failure here must fail the test"
)]
#![forbid(unsafe_code)]

mod command;
mod help;
mod http;
mod http_bodies;
mod http_curl;
mod http_download;
mod http_failures;
mod http_items;
mod http_login;
mod http_network;
mod http_output;
mod interruption;
mod options;
mod pipes;
mod redaction;
mod routes;
mod save;
mod server;
mod sign;
mod tcp_answers;
mod tcp_failures;
mod tcp_forward;
mod tcp_forward_load;
mod tcp_listen;
mod tcp_messages;
mod tcp_request;
mod tcp_send;
mod tcp_serve;
mod tcp_tls;
mod unread;
mod wrong_input;
