//! The host's memory manager: every block that the host gets comes from it.

use std::ffi::{c_ulong, c_void};
use std::mem::MaybeUninit;
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
        match text::to_wide(text) {
            Some(units) => self.write_units(units.len(), units.iter().copied()),
            None => self.write_units(text.len(), text.bytes().map(u16::from)),
        }
    }

    /// A new block with `count` units and a zero after them.
    fn write_units(
        self,
        count: usize,
        units: impl Iterator<Item = u16>,
    ) -> Option<(*mut u16, u32)> {
        let len = u32::try_from(count).ok()?;
        let block: *mut MaybeUninit<u16> = self.alloc(count + 1)?;
        // SAFETY: the block has as many units, which need not be initialized, and nobody else
        // knows it yet.
        let room = unsafe { slice::from_raw_parts_mut(block, count + 1) };
        let (room, end) = room.split_at_mut(count);
        for (place, unit) in room.iter_mut().zip(units) {
            place.write(unit);
        }
        end.fill(MaybeUninit::new(0));
        Some((block.cast(), len))
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
