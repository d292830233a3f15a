//! The memory manager of the host: it knows every block that lives.

use std::alloc::{Layout, alloc, dealloc};
use std::collections::HashMap;
use std::ffi::{c_ulong, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::tables::ForeignDestructors;

/// `IMemoryManager`.
#[repr(C)]
pub(super) struct Memory {
    table: &'static MemoryTable,
    blocks: Mutex<HashMap<usize, usize>>,
    strangers: AtomicUsize,
    refusal: AtomicUsize,
}

#[repr(C)]
struct MemoryTable {
    destructors: ForeignDestructors,
    alloc: unsafe extern "system" fn(*mut Memory, *mut *mut c_void, c_ulong) -> bool,
    free: unsafe extern "system" fn(*mut Memory, *mut *mut c_void),
}

impl Memory {
    pub(super) fn new() -> Self {
        static TABLE: MemoryTable = MemoryTable {
            destructors: ForeignDestructors::NONE,
            alloc: alloc_memory,
            free: free_memory,
        };
        Self {
            table: &TABLE,
            blocks: Mutex::default(),
            strangers: AtomicUsize::new(0),
            refusal: AtomicUsize::new(GIVE),
        }
    }

    /// How many blocks were given and not freed.
    pub(super) fn live(&self) -> usize {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// How many blocks were freed that had not been given.
    pub(super) fn strangers(&self) -> usize {
        self.strangers.load(Ordering::SeqCst)
    }

    /// Gives no memory any more: with `true` and NULL, or with `false`; or gives it again.
    pub(super) fn refuse(&self, how: usize) {
        self.refusal.store(how, Ordering::SeqCst);
    }

    /// The size of a block that lives.
    pub(super) fn size(&self, block: *mut c_void) -> Option<usize> {
        let blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.get(&block.addr()).copied()
    }

    /// Frees a block that was given.
    pub(super) fn free(&self, block: *mut c_void) {
        if block.is_null() {
            return;
        }
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        match blocks.remove(&block.addr()) {
            // SAFETY: it was given by `alloc_memory` with this size and is freed once.
            Some(size) => unsafe { dealloc(block.cast(), layout(size)) },
            None => {
                self.strangers.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

/// # Safety
///
/// `this` is a live memory manager, `place` a place for a pointer.
unsafe extern "system" fn alloc_memory(
    this: *mut Memory,
    place: *mut *mut c_void,
    size: c_ulong,
) -> bool {
    // SAFETY: the caller promises a live manager.
    let memory = unsafe { &*this };
    let refusal = memory.refusal.load(Ordering::SeqCst);
    if refusal != GIVE {
        // SAFETY: the caller promises a place for a pointer.
        unsafe { place.write(std::ptr::null_mut()) };
        return refusal == GIVE_NULL;
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    // SAFETY: the layout is never of size 0.
    let block: *mut c_void = unsafe { alloc(layout(size)) }.cast();
    memory.blocks.lock().unwrap_or_else(PoisonError::into_inner).insert(block.addr(), size);
    // SAFETY: the caller promises a place for a pointer.
    unsafe { place.write(block) };
    !block.is_null()
}

/// # Safety
///
/// `this` is a live memory manager, `place` a place with a pointer.
unsafe extern "system" fn free_memory(this: *mut Memory, place: *mut *mut c_void) {
    // SAFETY: the caller promises a place with a pointer.
    let block = unsafe { place.replace(std::ptr::null_mut()) };
    // SAFETY: the caller promises a live manager.
    unsafe { &*this }.free(block);
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size.max(1), align_of::<u64>()).expect("the size of a block")
}

pub(super) const GIVE: usize = 0;
pub(super) const GIVE_NULL: usize = 1;
pub(super) const GIVE_FALSE: usize = 2;
