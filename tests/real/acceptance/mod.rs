//! The acceptance list of the HTTP connector against the servers that it names.

mod answers;
mod bodies;
mod cookies;
mod files;
mod json;
mod logins;
mod proxies;
mod redirects;
mod requests;
mod retries;
mod setting;
