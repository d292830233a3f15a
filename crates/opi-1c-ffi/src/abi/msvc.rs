//! Destructors in the vtables of Windows (MSVC), whatever compiler built the library: one slot.

use std::ffi::{c_uint, c_void};

use super::object;

/// What stands in front of the slots: no type information.
#[repr(C)]
pub(super) struct Prefix {
    locator: usize,
}

impl Prefix {
    /// For any base.
    pub(super) const fn new(_base: usize) -> Self {
        Self { locator: 0 }
    }
}

/// The slot that a host calls for `delete`.
#[repr(C)]
pub(super) struct Destructors {
    pub(super) scalar_deleting: ScalarDeleting,
}

impl Destructors {
    /// For deletion through base number `BASE`.
    pub(super) const fn new<const BASE: usize>() -> Self {
        Self { scalar_deleting: scalar_deleting::<BASE> }
    }
}

/// The same slot in an object of the host; never called.
#[cfg(windows)]
#[repr(C)]
pub(super) struct ForeignDestructors([usize; 1]);

#[cfg(not(all(windows, target_arch = "x86")))]
type ScalarDeleting = unsafe extern "system" fn(*mut c_void, c_uint) -> *mut c_void;

// All other methods are stdcall there, the destructor is not.
#[cfg(all(windows, target_arch = "x86"))]
type ScalarDeleting = unsafe extern "thiscall" fn(*mut c_void, c_uint) -> *mut c_void;

/// # Safety
///
/// `this` is base number `BASE` of an object of ours that nobody uses any more.
#[cfg(not(all(windows, target_arch = "x86")))]
unsafe extern "system" fn scalar_deleting<const BASE: usize>(
    this: *mut c_void,
    flags: c_uint,
) -> *mut c_void {
    // SAFETY: the caller promises just that.
    unsafe { end::<BASE>(this, flags) }
}

/// # Safety
///
/// `this` is base number `BASE` of an object of ours that nobody uses any more.
#[cfg(all(windows, target_arch = "x86"))]
unsafe extern "thiscall" fn scalar_deleting<const BASE: usize>(
    this: *mut c_void,
    flags: c_uint,
) -> *mut c_void {
    // SAFETY: the caller promises just that.
    unsafe { end::<BASE>(this, flags) }
}

/// # Safety
///
/// As above.
unsafe fn end<const BASE: usize>(this: *mut c_void, flags: c_uint) -> *mut c_void {
    // SAFETY: the caller promises base number `BASE` of an object of ours.
    let object = unsafe { object::start::<BASE>(this) };
    if flags & FREE == 0 {
        // SAFETY: the caller promises that nobody uses it any more.
        unsafe { object::finish(object) };
    } else {
        // SAFETY: as above, and the flag says that its memory goes too.
        unsafe { object::delete(object) };
    }
    this
}

const FREE: c_uint = 1;
