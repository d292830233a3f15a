//! Destructors in the vtables of Linux and macOS (Itanium C++ ABI): two slots.

use std::ffi::c_void;

use super::object;

/// What stands in front of the slots: the way to the whole object, and no type information.
#[repr(C)]
pub(super) struct Prefix {
    offset_to_top: isize,
    type_info: usize,
}

impl Prefix {
    /// For base number `base`.
    pub(super) const fn new(base: usize) -> Self {
        let offset = base * size_of::<*const c_void>();
        Self { offset_to_top: -(offset as isize), type_info: 0 }
    }
}

/// The slots that a host calls for `delete`.
#[repr(C)]
pub(super) struct Destructors {
    complete: unsafe extern "C" fn(*mut c_void),
    deleting: unsafe extern "C" fn(*mut c_void),
}

impl Destructors {
    /// For deletion through base number `BASE`.
    pub(super) const fn new<const BASE: usize>() -> Self {
        Self { complete: complete::<BASE>, deleting: deleting::<BASE> }
    }
}

/// The same slots in an object of the host; never called.
#[repr(C)]
pub(super) struct ForeignDestructors([usize; 2]);

/// # Safety
///
/// `this` is base number `BASE` of an object of ours that nobody uses any more.
unsafe extern "C" fn complete<const BASE: usize>(this: *mut c_void) {
    // SAFETY: the caller promises just that.
    unsafe { object::finish(object::start::<BASE>(this)) };
}

/// # Safety
///
/// As for [`complete`], and the object's memory is ours.
unsafe extern "C" fn deleting<const BASE: usize>(this: *mut c_void) {
    // SAFETY: the caller promises just that.
    unsafe { object::delete(object::start::<BASE>(this)) };
}
