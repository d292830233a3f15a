//! The connection that 1C lends to an object, and what it tells about itself.

use std::ffi::{c_int, c_long, c_ushort, c_void};
use std::sync::{Arc, Mutex, PoisonError};

use super::tables::{ForeignDestructors, read_terminated};

/// An error that the add-in announced.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RaisedError {
    /// The kind of message.
    pub kind: u16,
    /// Who announced it.
    pub source: String,
    /// The text.
    pub text: String,
    /// A code; any but 0 makes an exception.
    pub code: i64,
}

/// `IAddInDefBaseEx`.
#[repr(C)]
pub(super) struct Connection {
    table: &'static ConnectionTable,
    errors: Mutex<Vec<RaisedError>>,
    on_error: Mutex<Option<Handler>>,
}

/// What a program does when an error is announced; it may call the object again.
pub(super) type Handler = Arc<dyn Fn() + Send + Sync>;

#[repr(C)]
struct ConnectionTable {
    destructors: ForeignDestructors,
    add_error: AddError,
    /// Slots that the add-in has no business in: a call would jump to address 0.
    forbidden: [usize; 9],
    get_interface: unsafe extern "system" fn(*mut Connection, c_int) -> *mut c_void,
}

type AddError =
    unsafe extern "system" fn(*mut Connection, c_ushort, *const u16, *const u16, c_long) -> bool;

impl Connection {
    /// `ex` says whether the connection has the slot of newer platforms.
    pub(super) fn new(ex: Ex) -> Self {
        static NEW: ConnectionTable = ConnectionTable {
            destructors: ForeignDestructors::NONE,
            add_error,
            forbidden: [0; 9],
            get_interface,
        };
        static OLD: ConnectionTable = ConnectionTable {
            destructors: ForeignDestructors::NONE,
            add_error,
            forbidden: [0; 9],
            get_interface: no_interface,
        };
        let table = match ex {
            Ex::Present => &NEW,
            Ex::Absent => &OLD,
        };
        Self { table, errors: Mutex::default(), on_error: Mutex::default() }
    }

    pub(super) fn errors(&self) -> Vec<RaisedError> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn on_error(&self, handler: Handler) {
        *self.on_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(handler);
    }
}

/// Whether the connection has the slot of newer platforms.
#[derive(Clone, Copy)]
pub(super) enum Ex {
    Absent,
    Present,
}

/// # Safety
///
/// `this` is a live connection; the texts end with a zero.
unsafe extern "system" fn add_error(
    this: *mut Connection,
    kind: c_ushort,
    source: *const u16,
    text: *const u16,
    code: c_long,
) -> bool {
    // SAFETY: the caller promises a live connection.
    let connection = unsafe { &*this };
    // SAFETY: the caller promises texts with a zero at the end.
    let (source, text) = unsafe { (read_terminated(source), read_terminated(text)) };
    #[expect(clippy::useless_conversion, reason = "a long has 32 bits on Windows")]
    let error = RaisedError { kind, source, text, code: i64::from(code) };
    connection.errors.lock().unwrap_or_else(PoisonError::into_inner).push(error);
    let handler = connection.on_error.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(handler) = handler {
        handler();
    }
    true
}

/// # Safety
///
/// None: it looks at the number only.
unsafe extern "system" fn get_interface(_this: *mut Connection, number: c_int) -> *mut c_void {
    match number {
        1 => seen_by_msvc((&raw const PLATFORM).cast_mut().cast()),
        2 => seen_by_msvc((&raw const ATTACHED).cast_mut().cast()),
        _ => std::ptr::null_mut(),
    }
}

/// What stands in this place of an old platform is not known; the add-in must not come here.
///
/// # Safety
///
/// None: it only ends the process.
unsafe extern "system" fn no_interface(_this: *mut Connection, _number: c_int) -> *mut c_void {
    std::process::abort()
}

/// Microsoft's compiler gives the address of an empty base behind the table.
fn seen_by_msvc(interface: *mut c_void) -> *mut c_void {
    if cfg!(windows) { interface.wrapping_byte_add(size_of::<*const c_void>()) } else { interface }
}

#[repr(C)]
struct Interface<T: 'static> {
    table: &'static T,
}

#[repr(C)]
struct PlatformTable {
    get_platform_info: unsafe extern "system" fn(*mut c_void) -> *const AppInfo,
}

#[repr(C)]
struct AttachedTable {
    get_attached_info: unsafe extern "system" fn(*mut c_void) -> c_int,
}

#[repr(C)]
struct AppInfo {
    version: Wide,
    user_agent: Wide,
    application: c_int,
}

#[repr(transparent)]
struct Wide(*const u16);

// SAFETY: it points to constant text.
unsafe impl Sync for Wide {}

/// # Safety
///
/// None: it reads nothing.
unsafe extern "system" fn platform_info(_this: *mut c_void) -> *const AppInfo {
    static VERSION: [u16; 4] = [b'8' as u16, b'.' as u16, b'3' as u16, 0];
    static INFO: AppInfo = AppInfo {
        version: Wide(VERSION.as_ptr()),
        user_agent: Wide(std::ptr::null()),
        application: 3,
    };
    &raw const INFO
}

/// # Safety
///
/// None: it reads nothing.
unsafe extern "system" fn attached_info(_this: *mut c_void) -> c_int {
    1
}

static PLATFORM: Interface<PlatformTable> =
    Interface { table: &PlatformTable { get_platform_info: platform_info } };
static ATTACHED: Interface<AttachedTable> =
    Interface { table: &AttachedTable { get_attached_info: attached_info } };
