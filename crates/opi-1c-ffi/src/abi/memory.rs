//! The host's memory manager: every block that the host gets comes from it.

use std::ffi::{c_ulong, c_void};
use std::ptr::{self, NonNull};
use std::slice;

use super::cpp::ForeignDestructors;
use super::text;

/// `IMemoryManager`, an object of the host.
#[repr(C)]
pub(super) struct RawMemory {
    vtable: *const MemoryVtable,
}

#[repr(C)]
struct MemoryVtable {
    destructors: ForeignDestructors,
    alloc: unsafe extern "system" fn(*mut RawMemory, *mut *mut c_void, c_ulong) -> u8,
    free: unsafe extern "system" fn(*mut RawMemory, *mut *mut c_void),
}

/// A memory manager that is alive.
#[derive(Clone, Copy)]
pub(super) struct Memory(NonNull<RawMemory>);

impl Memory {
    /// # Safety
    ///
    /// `raw` is NULL, or a memory manager that lives as long as the value is used.
    pub(super) unsafe fn new(raw: *mut RawMemory) -> Option<Self> {
        NonNull::new(raw).map(Self)
    }

    /// A copy of `bytes`; `None` when there is no memory or more bytes than a variant can hold.
    pub(super) fn copy_bytes(self, bytes: &[u8]) -> Option<(*mut u8, u32)> {
        let len = u32::try_from(bytes.len()).ok()?;
        let block: *mut u8 = self.alloc(bytes.len())?;
        // SAFETY: the block has as many bytes, and is new, so it is not where `bytes` are.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), block, bytes.len()) };
        Some((block, len))
    }

    /// `text` in UTF-16 with a zero after it; `None` as above.
    pub(super) fn copy_text(self, text: &str) -> Option<(*mut u16, u32)> {
        // UTF-16 never has more units than UTF-8 has bytes; one more is for the zero.
        let room = text.len() + 1;
        let block: *mut u16 = self.alloc(room)?;
        // SAFETY: the block is new and has `room` units.
        unsafe { block.write_bytes(0, room) };
        // SAFETY: as above, they are now initialized, and nobody else knows the block yet.
        let units = unsafe { slice::from_raw_parts_mut(block, room) };
        let written = text::to_wide(text, units);
        Some((block, u32::try_from(written).ok()?))
    }

    /// A new block for `count` elements; it is never of size 0, which hosts answer with NULL.
    fn alloc<T>(self, count: usize) -> Option<*mut T> {
        let size = count.checked_mul(size_of::<T>())?.max(SMALLEST);
        let size = c_ulong::try_from(size).ok()?;
        let mut block = ptr::null_mut();
        // SAFETY: the manager is alive, so its table is too.
        let vtable = unsafe { (*self.0.as_ptr()).vtable };
        // SAFETY: the table of a live manager.
        let alloc = unsafe { (*vtable).alloc };
        // SAFETY: the manager itself, and a place for a pointer.
        let given = unsafe { alloc(self.0.as_ptr(), &raw mut block, size) };
        (given != 0 && !block.is_null()).then_some(block.cast())
    }
}

const SMALLEST: usize = 2;
