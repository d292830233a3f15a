//! `tVariant` as the platform's headers have it.

use std::ffi::c_void;

/// A variant: a union as large as `struct tm`, a count, a type.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Variant {
    pub(super) union: Union,
    pub(super) elements: u32,
    pub(super) vt: u16,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(super) union Union {
    pub(super) bits: u64,
    pub(super) flag: u8,
    pub(super) int: i32,
    pub(super) real: f64,
    pub(super) block: Block,
    pub(super) tm: [i32; TM],
}

/// A block and its length; of units or of bytes, by the type.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) at: *mut c_void,
    pub(super) len: u32,
}

impl Variant {
    /// A variant of type `vt` over `bits`, everything else zero.
    pub(super) fn of(vt: u16, bits: u64) -> Self {
        let mut variant = Self { union: Union { tm: [0; TM] }, elements: 0, vt };
        variant.union.bits = bits;
        variant
    }
}

pub(super) const EMPTY: u16 = 0;
pub(super) const I4: u16 = 3;
pub(super) const R8: u16 = 5;
pub(super) const TM_TYPE: u16 = 7;
pub(super) const BOOL: u16 = 11;
pub(super) const PWSTR: u16 = 22;
pub(super) const BLOB: u16 = 23;

/// `struct tm` in numbers of 32 bits: 56 bytes with the zone of Unix, 36 on Windows.
#[cfg(not(windows))]
const TM: usize = 14;
#[cfg(windows)]
const TM: usize = 9;

const _: () = assert!(size_of::<Variant>() == if cfg!(windows) { 48 } else { 64 });
