//! Keeping the library in memory while code of it may still run.

/// Keeps the library loaded until the process ends; gives whether that could be arranged.
#[cfg(unix)]
pub(crate) fn pin_module() -> bool {
    use std::ffi::c_void;
    use std::mem::MaybeUninit;

    let here: fn() -> bool = pin_module;
    let mut found = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: the address of a function of this library, and a place for the answer.
    let known = unsafe { libc::dladdr(here as *const c_void, found.as_mut_ptr()) };
    // SAFETY: zeroes are a valid answer, and `dladdr` writes no other.
    let found = unsafe { found.assume_init() };
    if known == 0 || found.dli_fname.is_null() {
        return false;
    }
    let flags = libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
    // SAFETY: the name of this library, which is loaded: nothing is run, only a mark is set.
    let library = unsafe { libc::dlopen(found.dli_fname, flags) };
    !library.is_null()
}

/// Keeps the library loaded until the process ends; gives whether that could be arranged.
#[cfg(windows)]
pub(crate) fn pin_module() -> bool {
    use std::ffi::c_void;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
    }
    const PIN: u32 = 1;
    const FROM_ADDRESS: u32 = 4;

    let here: fn() -> bool = pin_module;
    let mut module = std::ptr::null_mut();
    // SAFETY: the address of a function of this library, and a place for the answer.
    unsafe { GetModuleHandleExW(PIN | FROM_ADDRESS, here as *const c_void, &raw mut module) != 0 }
}

/// Not known how on other systems; the library is then never unloaded by the linker's own rule.
#[cfg(not(any(unix, windows)))]
pub(crate) fn pin_module() -> bool {
    false
}
