//! `ILanguageExtenderBase`: the slots for names, properties and methods.

use std::ffi::{c_long, c_void};

use super::entry::entries;
use super::object::{Instance, LANGUAGE};
use super::variant::Variant;
use super::{methods, properties};
use crate::language::Bilingual;

/// The slots after the destructors.
#[repr(C)]
pub(super) struct Slots {
    register_extension_as: unsafe extern "system" fn(*mut c_void, *mut *mut u16) -> bool,
    get_n_props: unsafe extern "system" fn(*mut c_void) -> c_long,
    find_prop: unsafe extern "system" fn(*mut c_void, *const u16) -> c_long,
    get_prop_name: unsafe extern "system" fn(*mut c_void, c_long, c_long) -> *mut u16,
    get_prop_val: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant) -> bool,
    set_prop_val: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant) -> bool,
    is_prop_readable: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    is_prop_writable: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    get_n_methods: unsafe extern "system" fn(*mut c_void) -> c_long,
    find_method: unsafe extern "system" fn(*mut c_void, *const u16) -> c_long,
    get_method_name: unsafe extern "system" fn(*mut c_void, c_long, c_long) -> *mut u16,
    get_n_params: unsafe extern "system" fn(*mut c_void, c_long) -> c_long,
    get_param_def_value:
        unsafe extern "system" fn(*mut c_void, c_long, c_long, *mut Variant) -> bool,
    has_ret_val: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    call_as_proc: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant, c_long) -> bool,
    call_as_func: CallAsFunc,
}

type CallAsFunc =
    unsafe extern "system" fn(*mut c_void, c_long, *mut Variant, *mut Variant, c_long) -> bool;

pub(super) const SLOTS: Slots = Slots {
    register_extension_as,
    get_n_props: properties::get_n_props,
    find_prop: properties::find_prop,
    get_prop_name: properties::get_prop_name,
    get_prop_val: properties::get_prop_val,
    set_prop_val: properties::set_prop_val,
    is_prop_readable: properties::is_prop_readable,
    is_prop_writable: properties::is_prop_writable,
    get_n_methods: methods::get_n_methods,
    find_method: methods::find_method,
    get_method_name: methods::get_method_name,
    get_n_params: methods::get_n_params,
    get_param_def_value: methods::get_param_def_value,
    has_ret_val: methods::has_ret_val,
    call_as_proc: methods::call_as_proc,
    call_as_func: methods::call_as_func,
};

entries! { LANGUAGE;
    /// Gives the name of the class.
    fn register_extension_as(instance, name: *mut *mut u16) -> bool, or false, {
        if name.is_null() {
            return false;
        }
        let block = give_text(instance, instance.object.class());
        // SAFETY: not NULL, so it is the host's place for a pointer.
        unsafe { name.write(block) };
        !block.is_null()
    }
}

/// A text that the host frees, with a zero at the end; NULL when there is no memory.
pub(super) fn give_text(instance: &Instance, text: &str) -> *mut u16 {
    let given = instance.host.memory().and_then(|memory| memory.copy_text(text));
    given.map_or(std::ptr::null_mut(), |(block, _)| block)
}

/// The name with the number that the platform counts languages by: 0 English, 1 Russian.
pub(super) fn alias(name: Bilingual, number: c_long) -> &'static str {
    if number == RUSSIAN { name.ru } else { name.en }
}

/// A number as the platform passes it; one below 0 names no row.
pub(super) fn index(number: c_long) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

const RUSSIAN: c_long = 1;
