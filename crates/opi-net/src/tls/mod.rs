//! TLS as a client and as a server: whom to trust, who we are, and the handshake.

mod ahead;
mod alert;
mod alpn;
mod certificate;
mod certificates;
mod client;
mod der;
mod facts;
mod identity;
mod layer;
mod pem;
mod pin;
mod provider;
mod roots;
mod server;
mod verify;
mod versions;

pub use certificate::Certificate;
pub use certificates::Certificates;
pub use client::{KeyLog, Name, Sni, Tls, Trust};
pub use identity::{Identity, IdentityFiles};
pub use pin::Pin;
pub use server::{Clients, ServerTls};
pub use versions::{Version, Versions};

pub(crate) use client::refused_later;
