//! The interfaces that the host lends to an object: memory, and the connection to 1C.

use std::ffi::{c_int, c_long, c_ushort, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::cpp::ForeignDestructors;
use super::exports;
use super::interfaces;
use super::memory::{Memory, RawMemory};
use super::text;
use crate::context::{Platform, PlatformFacts};

/// What the host has lent to one object, until it takes it back.
#[derive(Default)]
pub(super) struct Host {
    memory: AtomicPtr<RawMemory>,
    connection: AtomicPtr<RawConnection>,
}

/// `IAddInDefBase`, an object of the host.
#[repr(C)]
pub(super) struct RawConnection {
    vtable: *const ConnectionVtable,
}

#[repr(C)]
struct ConnectionVtable {
    destructors: ForeignDestructors,
    add_error: AddError,
    /// Read, Write, RegisterProfileAs, SetEventBufferDepth, GetEventBufferDepth, ExternalEvent,
    /// CleanEventBuffer, SetStatusLine, ResetStatusLine.
    unused: [usize; 9],
    /// Of `IAddInDefBaseEx`: there only when the host announced capabilities.
    get_interface: unsafe extern "system" fn(*mut RawConnection, c_int) -> *mut c_void,
}

type AddError =
    unsafe extern "system" fn(*mut RawConnection, c_ushort, *const u16, *const u16, c_long) -> u8;

impl Host {
    /// Takes the memory manager.
    ///
    /// # Safety
    ///
    /// `memory` is NULL, or a memory manager that lives until [`Self::forget`].
    pub(super) unsafe fn lend_memory(&self, memory: *mut RawMemory) {
        self.memory.store(memory, Ordering::Release);
    }

    /// Takes the connection to 1C.
    ///
    /// # Safety
    ///
    /// `connection` is NULL, or such an interface that lives until [`Self::disconnect`].
    pub(super) unsafe fn connect(&self, connection: *mut RawConnection) {
        self.connection.store(connection, Ordering::Release);
    }

    /// Gives the connection back.
    pub(super) fn disconnect(&self) {
        self.connection.store(ptr::null_mut(), Ordering::Release);
    }

    /// Gives everything back.
    pub(super) fn forget(&self) {
        self.disconnect();
        self.memory.store(ptr::null_mut(), Ordering::Release);
    }

    /// The memory manager, if there is one.
    pub(super) fn memory(&self) -> Option<Memory> {
        let memory = self.memory.load(Ordering::Acquire);
        // SAFETY: whoever lent it promised that it lives until it is taken back, and destruction
        // waits for running calls before it takes it back.
        unsafe { Memory::new(memory) }
    }
}

impl Platform for Host {
    fn raise(&self, source: &str, text: &str) {
        let connection = self.connection.load(Ordering::Acquire);
        if connection.is_null() {
            return;
        }
        let (source, text) = (text::terminate(source), text::terminate(text));
        // SAFETY: it lives until it is taken back, and closing waits for running calls.
        let vtable = unsafe { (*connection).vtable };
        // SAFETY: the table of a live interface.
        let add_error = unsafe { (*vtable).add_error };
        // SAFETY: the interface itself and texts with a zero at the end, which the host copies.
        let taken = unsafe { add_error(connection, FAILED, source.as_ptr(), text.as_ptr(), RAISE) };
        if taken == 0 {
            tracing::debug!("the platform did not take an error");
        }
    }

    fn facts(&self) -> PlatformFacts {
        let capabilities = exports::capabilities();
        let connection = self.connection.load(Ordering::Acquire);
        let mut facts = PlatformFacts { capabilities, ..PlatformFacts::default() };
        let level = capabilities.filter(|_| !connection.is_null()).unwrap_or_default();
        let get = |number| {
            // SAFETY: it lives until it is taken back, and closing waits for running calls.
            let vtable = unsafe { (*connection).vtable };
            // SAFETY: a host that announced capabilities has this slot.
            let get_interface = unsafe { (*vtable).get_interface };
            // SAFETY: the interface itself and a number that the host's level knows.
            unsafe { get_interface(connection, number) }
        };
        if level >= interfaces::PLATFORM_SINCE {
            // SAFETY: the host gives NULL or the interface with that number.
            unsafe { interfaces::read_platform(get(interfaces::PLATFORM), &mut facts) };
        }
        if level >= interfaces::ATTACHED_SINCE {
            // SAFETY: the host gives NULL or the interface with that number.
            unsafe { interfaces::read_attached(get(interfaces::ATTACHED), &mut facts) };
        }
        facts
    }
}

/// The kind of message: a failure.
const FAILED: c_ushort = 1006;
/// Any code but 0 makes an exception in 1C.
const RAISE: c_long = 1;
