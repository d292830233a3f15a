//! Proves the harness by plain clients.
