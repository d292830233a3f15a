//! Twenty-four evil proxies, each with a test of its name; what opens a tunnel is tried with plain
//! and TLS targets, and what answers is tried whole and byte by byte.

mod endless;
mod open;
mod refusal;
