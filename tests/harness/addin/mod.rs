//! A host that loads the add-in and speaks to it through its real vtables, as 1C and OneScript do.
//!
//! ```no_run
//! use harness::addin::{Host, Profile, Value};
//!
//! // No run: it builds the add-in.
//! let host = Host::load(Profile::Enterprise);
//! let client = host.create("TCPClient");
//! let answer = client.call_json("Отменить", &[]);
//! assert_eq!(answer["result"], true);
//! drop(client);
//! assert_eq!(host.live_blocks(), 0);
//! ```
//!
//! Written from the headers of the platform and not from opi's code, whose layouts it must check.
//! What the host owns is allocated to the byte, so a memory checker sees any reading past it.

mod abuse;
mod argument;
mod connection;
mod directory;
mod host;
mod library;
mod memory;
mod object;
mod tables;
mod value;
mod variant;

pub use connection::RaisedError;
pub use host::{Host, Profile};
pub use library::{Exports, build};
pub use object::{Failed, Object};
pub use value::Value;
