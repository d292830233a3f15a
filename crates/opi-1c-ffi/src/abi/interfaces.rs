//! What newer platforms tell about themselves.

use std::ffi::{c_int, c_void};

use super::text::terminated;
use crate::context::PlatformFacts;

/// The numbers of the interfaces, and the level of capabilities that has them.
pub(super) const PLATFORM: c_int = 1;
pub(super) const PLATFORM_SINCE: i32 = 1;
pub(super) const ATTACHED: c_int = if cfg!(target_os = "android") { 3 } else { 2 };
pub(super) const ATTACHED_SINCE: i32 = 2;

#[repr(C)]
struct RawPlatform {
    vtable: *const PlatformVtable,
}

#[repr(C)]
struct PlatformVtable {
    get_platform_info: unsafe extern "system" fn(*mut RawPlatform) -> *const AppInfo,
}

#[repr(C)]
struct AppInfo {
    version: *const u16,
    user_agent: *const u16,
    application: c_int,
}

#[repr(C)]
struct RawAttached {
    vtable: *const AttachedVtable,
}

#[repr(C)]
struct AttachedVtable {
    get_attached_info: unsafe extern "system" fn(*mut RawAttached) -> c_int,
}

/// Reads the version of the platform and the kind of application.
///
/// # Safety
///
/// `interface` is NULL, or what the host gave for [`PLATFORM`].
pub(super) unsafe fn read_platform(interface: *mut c_void, facts: &mut PlatformFacts) {
    let interface: *mut RawPlatform = adjusted(interface).cast();
    if interface.is_null() {
        return;
    }
    // SAFETY: not NULL, so it is the interface.
    let vtable = unsafe { (*interface).vtable };
    // SAFETY: the table of a live interface.
    let get = unsafe { (*vtable).get_platform_info };
    // SAFETY: the interface itself.
    let info = unsafe { get(interface) };
    // SAFETY: the host gives NULL, or a record that lives as long as it does.
    let Some(info) = (unsafe { info.as_ref() }) else { return };
    // SAFETY: NULL, or a text with a zero at the end.
    facts.version = unsafe { terminated(info.version) };
    facts.application =
        usize::try_from(info.application).ok().and_then(|number| APPLICATIONS.get(number)).copied();
}

/// Reads whether the add-in runs in a process of its own.
///
/// # Safety
///
/// `interface` is NULL, or what the host gave for [`ATTACHED`].
pub(super) unsafe fn read_attached(interface: *mut c_void, facts: &mut PlatformFacts) {
    let interface: *mut RawAttached = adjusted(interface).cast();
    if interface.is_null() {
        return;
    }
    // SAFETY: not NULL, so it is the interface.
    let vtable = unsafe { (*interface).vtable };
    // SAFETY: the table of a live interface.
    let get = unsafe { (*vtable).get_attached_info };
    // SAFETY: the interface itself.
    let answer = unsafe { get(interface) };
    facts.isolated = Some(answer == ISOLATED);
}

/// Microsoft's compiler puts the empty base of these interfaces behind their table.
fn adjusted(interface: *mut c_void) -> *mut c_void {
    if interface.is_null() || !cfg!(windows) {
        return interface;
    }
    interface.wrapping_byte_sub(size_of::<*const c_void>())
}

const APPLICATIONS: &[&str] = &[
    "thin_client",
    "thick_client",
    "web_client",
    "server",
    "external_connection",
    "mobile_client",
    "mobile_server",
];
const ISOLATED: c_int = 0;
