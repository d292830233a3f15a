//! The add-in of opi for 1C:Enterprise and OneScript: TCP client, TCP server, HTTP connector.
//!
//! The library is loaded by 1C; a Rust program uses this crate to read the table of methods, from
//! which the BSL modules and the reference are made.
//!
//! ```
//! let reference: Vec<_> = opi_1c_ffi::components()
//!     .iter()
//!     .flat_map(|class| class.methods().into_iter().map(|method| (class.class(), method.name)))
//!     .collect();
//! assert!(reference.iter().any(|(class, name)| *class == "TCPClient" && name.ru == "Отменить"));
//! ```
//!
//! Layers: `abi` (pointers, no logic), dispatch (row, arguments, the one panic guard),
//! components (rows), the crates below.
//!
//! Invariants: unsafe only in `abi`; a panic never leaves the guard; no method is known anywhere
//! but in its row; no lock is held while a call waits; nothing is printed.
//!
//! # Conventions for BSL
//!
//! | what | how |
//! |---|---|
//! | classes | `AddIn.<identifier>.TCPClient`, `.TCPServer`, `.HTTPConnector` |
//! | names | English and Russian, in any letter case |
//! | results | JSON text `{"result":true, ...}`, except `TakeBytes`, which gives binary data |
//! | faults | JSON text `{"result":false,"error":{code,phase,message,hint,who,retryable,elapsed_ms}}` |
//! | exceptions | off; `RaiseExceptions = True` turns faults into exceptions of 1C |
//! | binary data in | the first parameter; text is sent as UTF-8 |
//! | binary data out | `"size"` and a handle in `"data"`, which `TakeBytes` redeems once |
//! | waiting | milliseconds; 0 is the longest wait, 24 hours; `Cancel` from another thread ends it |
//! | threads | every object may be used from several at once |

#[expect(unsafe_code, reason = "the interface of 1C is made of pointers")]
mod abi;
mod argument;
mod blobs;
mod builtin;
mod causes;
mod components;
mod context;
mod dispatch;
mod fault;
mod guard;
mod language;
mod life;
mod options;
mod runtime;
mod table;
mod unique;
mod value;

pub use blobs::{KEPT, KEPT_BYTES};
pub use components::components;
pub use fault::{Fault, FaultKind};
pub use language::{Bilingual, Language};
pub use table::{
    Access, ComponentInfo, Kind, MethodInfo, OptionRow, Param, Preset, PropertyInfo, Returns,
};
