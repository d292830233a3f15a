//! The virtual tables of a component, and how an object is deleted.

use std::ffi::{c_long, c_void};

use super::variant::Variant;

/// The destructor slots of an object of the host; the add-in must not call them.
#[repr(C)]
pub(super) struct ForeignDestructors([usize; SLOTS]);

impl ForeignDestructors {
    pub(super) const NONE: Self = Self([0; SLOTS]);
}

/// `IInitDoneBase`, base 0.
#[repr(C)]
pub(super) struct InitDone {
    destructors: [usize; SLOTS],
    pub(super) init: unsafe extern "system" fn(*mut c_void, *mut c_void) -> bool,
    pub(super) set_mem_manager: unsafe extern "system" fn(*mut c_void, *mut c_void) -> bool,
    pub(super) get_info: unsafe extern "system" fn(*mut c_void) -> c_long,
    pub(super) done: unsafe extern "system" fn(*mut c_void),
}

/// `ILanguageExtenderBase`, base 1.
#[repr(C)]
pub(super) struct LanguageExtender {
    destructors: [usize; SLOTS],
    pub(super) register_extension_as: unsafe extern "system" fn(*mut c_void, *mut *mut u16) -> bool,
    pub(super) get_n_props: unsafe extern "system" fn(*mut c_void) -> c_long,
    pub(super) find_prop: unsafe extern "system" fn(*mut c_void, *const u16) -> c_long,
    pub(super) get_prop_name: unsafe extern "system" fn(*mut c_void, c_long, c_long) -> *mut u16,
    pub(super) get_prop_val: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant) -> bool,
    pub(super) set_prop_val: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant) -> bool,
    pub(super) is_prop_readable: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    pub(super) is_prop_writable: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    pub(super) get_n_methods: unsafe extern "system" fn(*mut c_void) -> c_long,
    pub(super) find_method: unsafe extern "system" fn(*mut c_void, *const u16) -> c_long,
    pub(super) get_method_name: unsafe extern "system" fn(*mut c_void, c_long, c_long) -> *mut u16,
    pub(super) get_n_params: unsafe extern "system" fn(*mut c_void, c_long) -> c_long,
    pub(super) get_param_def_value:
        unsafe extern "system" fn(*mut c_void, c_long, c_long, *mut Variant) -> bool,
    pub(super) has_ret_val: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    pub(super) call_as_proc:
        unsafe extern "system" fn(*mut c_void, c_long, *mut Variant, c_long) -> bool,
    pub(super) call_as_func:
        unsafe extern "system" fn(*mut c_void, c_long, *mut Variant, *mut Variant, c_long) -> bool,
}

/// `LocaleBase`, base 2, and `UserLanguageBase`, base 3.
#[repr(C)]
pub(super) struct Locale {
    destructors: [usize; SLOTS],
    pub(super) set: unsafe extern "system" fn(*mut c_void, *const u16),
}

pub(super) const INIT_DONE: usize = 0;
pub(super) const LANGUAGE_EXTENDER: usize = 1;
pub(super) const LOCALE: usize = 2;
pub(super) const USER_LANGUAGE: usize = 3;

/// The base with this number and its table.
///
/// # Safety
///
/// `object` is a component that is alive, and `T` is the table of that base.
pub(super) unsafe fn base<'object, T>(
    object: *mut c_void,
    number: usize,
) -> (*mut c_void, &'object T) {
    // SAFETY: the bases stand in a row, each a pointer to a table.
    let base = unsafe { object.cast::<*const T>().add(number) };
    // SAFETY: the caller promises that this is the table.
    (base.cast(), unsafe { &**base })
}

/// Does what `delete` does in C++, through the base with this number.
///
/// # Safety
///
/// `object` is a component that nobody uses any more.
#[cfg(not(windows))]
pub(super) unsafe fn delete(object: *mut c_void, number: usize) {
    type Deleting = unsafe extern "C" fn(*mut c_void);

    // SAFETY: each table begins with the complete and the deleting destructor.
    let (base, slots) = unsafe { base::<[Option<Deleting>; SLOTS]>(object, number) };
    let [_complete, deleting] = *slots;
    let deleting = deleting.expect("the deleting destructor");
    // SAFETY: the caller gives the object up.
    unsafe { deleting(base) };
}

/// Does what `delete` does in C++, through the base with this number.
///
/// # Safety
///
/// `object` is a component that nobody uses any more.
#[cfg(windows)]
pub(super) unsafe fn delete(object: *mut c_void, number: usize) {
    #[cfg(target_arch = "x86")]
    type Deleting = unsafe extern "thiscall" fn(*mut c_void, u32) -> *mut c_void;
    #[cfg(not(target_arch = "x86"))]
    type Deleting = unsafe extern "system" fn(*mut c_void, u32) -> *mut c_void;

    // SAFETY: each table begins with the scalar deleting destructor.
    let (base, slots) = unsafe { base::<[Option<Deleting>; SLOTS]>(object, number) };
    let [deleting] = *slots;
    let deleting = deleting.expect("the deleting destructor");
    // SAFETY: the caller gives the object up; the flag frees its memory too.
    let gone = unsafe { deleting(base, 1) };
    assert_eq!(gone, base, "the destructor gives the object back");
}

/// Reads text up to its zero.
///
/// # Safety
///
/// `text` points to units of which one is zero.
pub(super) unsafe fn read_terminated(text: *const u16) -> String {
    let mut units = Vec::new();
    loop {
        // SAFETY: no unit before this one was the zero that the caller promises.
        let unit = unsafe { text.add(units.len()).read() };
        if unit == 0 {
            return String::from_utf16(&units).expect("text of the add-in");
        }
        units.push(unit);
    }
}

#[cfg(not(windows))]
const SLOTS: usize = 2;
#[cfg(windows)]
const SLOTS: usize = 1;
