//! `IInitDoneBase`: the beginning and the end of an object.

use std::ffi::{c_long, c_void};

use super::entry::entries;
use super::object::{self, INIT_DONE};

/// The slots after the destructors.
#[repr(C)]
pub(super) struct Slots {
    init: unsafe extern "system" fn(*mut c_void, *mut c_void) -> bool,
    set_mem_manager: unsafe extern "system" fn(*mut c_void, *mut c_void) -> bool,
    get_info: extern "system" fn(*mut c_void) -> c_long,
    done: unsafe extern "system" fn(*mut c_void),
}

pub(super) const SLOTS: Slots = Slots { init, set_mem_manager, get_info, done };

entries! { INIT_DONE;
    /// Lends the connection to 1C until `Done`.
    fn init(instance, connection: *mut c_void) -> bool, or false, {
        // SAFETY: the host lends an `IAddInDefBase`, or NULL, until `Done`.
        unsafe { instance.host.connect(connection.cast()) };
        true
    }

    /// Lends the memory manager until destruction.
    fn set_mem_manager(instance, memory: *mut c_void) -> bool, or false, {
        // SAFETY: the host lends an `IMemoryManager`, or NULL, until destruction.
        unsafe { instance.host.lend_memory(memory.cast()) };
        !memory.is_null()
    }
}

/// The version of the interface.
extern "system" fn get_info(_this: *mut c_void) -> c_long {
    2000
}

/// Ends the object; it is no call of its own, since it waits until every call has left.
///
/// # Safety
///
/// `this` is this base of an object of ours.
unsafe extern "system" fn done(this: *mut c_void) {
    // SAFETY: the host passes an object it got from us and has not deleted.
    unsafe { object::close::<INIT_DONE>(this) };
}
