//! The five functions that a host finds by name in the library.

use std::ffi::{c_int, c_long, c_void};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, Ordering};

use super::object;
use super::text;
use crate::components::components;
use crate::guard;
use crate::language::same_name;

/// Names the classes, with `|` between them; the text is never freed.
#[unsafe(no_mangle)]
pub(super) extern "C" fn GetClassNames() -> *const u16 {
    static NAMES: OnceLock<Vec<u16>> = OnceLock::new();
    let names = guard::run(|| {
        let names = NAMES.get_or_init(|| {
            let names: Vec<_> = components().iter().map(|info| info.class()).collect();
            text::terminate(&names.join("|"))
        });
        names.as_ptr()
    });
    names.unwrap_or(ptr::null())
}

/// Makes an object of the class `name`; gives 0 when there is no such class.
///
/// # Safety
///
/// `name` is NULL or ends with a zero; `object` is NULL or a place for a pointer.
#[unsafe(no_mangle)]
pub(super) unsafe extern "C" fn GetClassObject(
    name: *const u16,
    object: *mut *mut c_void,
) -> c_long {
    // SAFETY: the caller promises NULL or a text with a zero at the end.
    let made = guard::run(|| create(unsafe { text::terminated(name) }));
    let Ok(Some(made)) = made else { return 0 };
    if object.is_null() {
        // SAFETY: it was just made, and nobody else knows it.
        unsafe { object::delete(made.cast()) };
        return 0;
    }
    // SAFETY: the caller promises a place for a pointer.
    unsafe { object.write(made) };
    1
}

/// Deletes an object and clears the pointer to it; gives 0 when it did.
///
/// # Safety
///
/// `object` is NULL, or a place with NULL or an object of ours that nobody uses any more.
#[unsafe(no_mangle)]
pub(super) unsafe extern "C" fn DestroyObject(object: *mut *mut c_void) -> c_long {
    // SAFETY: the caller promises NULL or a place with a pointer.
    let Some(place) = (unsafe { object.as_mut() }) else { return -1 };
    if place.is_null() {
        return -1;
    }
    // SAFETY: the caller promises an object of ours; its first base is at its start.
    unsafe { object::delete(place.cast()) };
    *place = ptr::null_mut();
    0
}

/// Takes the level of capabilities that the host has, and gives the one that the add-in knows.
#[unsafe(no_mangle)]
pub(super) extern "C" fn SetPlatformCapabilities(level: c_int) -> c_int {
    CAPABILITIES.store(level, Ordering::Relaxed);
    KNOWN_LEVEL
}

/// Says that the add-in may be run in the host's process and in one of its own.
#[unsafe(no_mangle)]
pub(super) extern "C" fn GetAttachType() -> c_int {
    ANY
}

/// The level that the host announced, if it did.
pub(super) fn capabilities() -> Option<i32> {
    Some(CAPABILITIES.load(Ordering::Relaxed)).filter(|level| *level != NEVER)
}

fn create(name: Option<String>) -> Option<*mut c_void> {
    let name = name?;
    let info = components().iter().find(|info| same_name(info.class(), &name))?;
    Some(object::create(info))
}

static CAPABILITIES: AtomicI32 = AtomicI32::new(NEVER);

const NEVER: i32 = i32::MIN;
const KNOWN_LEVEL: c_int = 3;
const ANY: c_int = 3;
