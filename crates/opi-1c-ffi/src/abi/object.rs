//! The object that a host holds: four bases, each a pointer to a table, and then what is ours.

use std::ffi::c_void;
use std::mem::offset_of;
use std::sync::Arc;

use super::cpp::{Destructors, Prefix};
use super::host::Host;
use super::{init_done, language, locale};
use crate::dispatch::Object;
use crate::guard;
use crate::table::ComponentInfo;

/// The numbers of the bases, in the order of `IComponentBase`.
pub(super) const INIT_DONE: usize = 0;
pub(super) const LANGUAGE: usize = 1;
pub(super) const LOCALE: usize = 2;
pub(super) const USER_LANGUAGE: usize = 3;

/// What a pointer to an object of ours points to.
#[repr(C)]
pub(super) struct Raw {
    tables: [*const c_void; 4],
    instance: Option<Arc<Instance>>,
}

/// What is ours in it. A running call holds a share, so destruction cannot take it away.
pub(super) struct Instance {
    pub(super) object: Arc<dyn Object>,
    pub(super) host: Arc<Host>,
}

/// A new object of the class `info`, owned by the host until it deletes it.
pub(super) fn create(info: &ComponentInfo) -> *mut c_void {
    let host = Arc::new(Host::default());
    let object = (info.create)(host.clone());
    let tables = [
        vptr(&raw const INIT_DONE_TABLE),
        vptr(&raw const LANGUAGE_TABLE),
        vptr(&raw const LOCALE_TABLE),
        vptr(&raw const USER_LANGUAGE_TABLE),
    ];
    let raw = Raw { tables, instance: Some(Arc::new(Instance { object, host })) };
    Box::into_raw(Box::new(raw)).cast()
}

/// Runs `body` as one call on the object, or gives `otherwise`: there is no object, or `body`
/// panicked.
///
/// # Safety
///
/// `this` is NULL, or base number `BASE` of an object of ours that is not being deleted.
pub(super) unsafe fn call<const BASE: usize, T>(
    this: *mut c_void,
    otherwise: T,
    body: impl FnOnce(&Instance) -> T,
) -> T {
    let outcome = guard::run(|| {
        // SAFETY: the caller promises just that.
        let instance = unsafe { instance::<BASE>(this) }?;
        let _running = instance.object.context().life.enter();
        Some(body(&instance))
    });
    outcome.ok().flatten().unwrap_or(otherwise)
}

/// Closes the object, as `Done` does: running calls end, later ones are refused.
///
/// # Safety
///
/// As for [`call`].
pub(super) unsafe fn close<const BASE: usize>(this: *mut c_void) {
    let _panicked = guard::run(|| {
        // SAFETY: the caller promises just that.
        let instance = unsafe { instance::<BASE>(this) };
        if let Some(instance) = instance {
            instance.object.close();
            instance.host.disconnect();
        }
    })
    .is_err();
}

/// The object whose base number `BASE` is `this`; NULL stays NULL.
///
/// # Safety
///
/// `this` is NULL or such a base.
pub(super) unsafe fn start<const BASE: usize>(this: *mut c_void) -> *mut Raw {
    if this.is_null() {
        return std::ptr::null_mut();
    }
    // SAFETY: the bases stand in a row at the start of the object.
    unsafe { this.byte_sub(BASE * size_of::<*const c_void>()) }.cast()
}

/// Ends the life of the object, but leaves its memory; a second time it does nothing.
///
/// # Safety
///
/// `raw` is NULL, or an object of ours on which no call begins any more.
pub(super) unsafe fn finish(raw: *mut Raw) {
    let _panicked = guard::run(|| {
        // SAFETY: the caller promises an object that is used by nobody else.
        let Some(raw) = (unsafe { raw.as_mut() }) else { return };
        if let Some(instance) = raw.instance.take() {
            instance.object.close();
            instance.host.forget();
        }
    })
    .is_err();
}

/// Ends the life of the object and frees its memory.
///
/// # Safety
///
/// As for [`finish`], and the object came from [`create`] and is not used afterwards.
pub(super) unsafe fn delete(raw: *mut Raw) {
    // SAFETY: the caller promises just that.
    unsafe { finish(raw) };
    if !raw.is_null() {
        // SAFETY: it came from a box, and the caller gives it up.
        drop(unsafe { Box::from_raw(raw) });
    }
}

/// # Safety
///
/// As for [`call`].
unsafe fn instance<const BASE: usize>(this: *mut c_void) -> Option<Arc<Instance>> {
    // SAFETY: the caller promises just that.
    let raw = unsafe { start::<BASE>(this) };
    // SAFETY: NULL, or an object that is not being deleted, so it is only read.
    let raw = unsafe { raw.as_ref() }?;
    raw.instance.clone()
}

/// A virtual table with what stands in front of its slots.
#[repr(C)]
struct Table<S> {
    prefix: Prefix,
    destructors: Destructors,
    slots: S,
}

impl<S> Table<S> {
    const fn new<const BASE: usize>(slots: S) -> Self {
        Self { prefix: Prefix::new(BASE), destructors: Destructors::new::<BASE>(), slots }
    }
}

/// Where a pointer to a virtual table points: past the prefix.
fn vptr<S>(table: *const Table<S>) -> *const c_void {
    table.wrapping_byte_add(offset_of!(Table<S>, destructors)).cast()
}

static INIT_DONE_TABLE: Table<init_done::Slots> = Table::new::<INIT_DONE>(init_done::SLOTS);
static LANGUAGE_TABLE: Table<language::Slots> = Table::new::<LANGUAGE>(language::SLOTS);
static LOCALE_TABLE: Table<locale::Slots> = Table::new::<LOCALE>(locale::LOCALE_SLOTS);
static USER_LANGUAGE_TABLE: Table<locale::Slots> =
    Table::new::<USER_LANGUAGE>(locale::USER_LANGUAGE_SLOTS);
