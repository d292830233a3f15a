//! The entries for methods.

use std::ffi::c_long;

use super::entry::entries;
use super::language::{alias, give_text, index};
use super::object::{Instance, LANGUAGE};
use super::text;
use super::variant::{self, Variant};
use crate::context::Raised;
use crate::table::MethodInfo;
use crate::value::Value;

entries! { LANGUAGE;
    /// Counts the methods.
    fn get_n_methods(instance) -> c_long, or 0, {
        c_long::try_from(rows(instance).count()).unwrap_or_default()
    }

    /// Finds a method by its name in either language, in any letter case; -1 for none.
    fn find_method(instance, name: *const u16) -> c_long, or -1, {
        // SAFETY: NULL, or a text with a zero at the end.
        let typed = unsafe { text::terminated(name) };
        let Some(typed) = typed else { return -1 };
        instance.object.context().language.find(rows(instance).map(|row| row.name), &typed)
    }

    /// Gives the name of a method; NULL for none.
    fn get_method_name(instance, number: c_long, language: c_long) -> *mut u16,
        or std::ptr::null_mut(), {
        match instance.object.method(index(number)) {
            Some(row) => give_text(instance, alias(row.name, language)),
            None => std::ptr::null_mut(),
        }
    }

    /// Counts the parameters of a method.
    fn get_n_params(instance, number: c_long) -> c_long, or 0, {
        let row = instance.object.method(index(number));
        row.and_then(|row| c_long::try_from(row.params.len()).ok()).unwrap_or_default()
    }

    /// Gives the default of a parameter; nothing for one that is required.
    fn get_param_def_value(instance, number: c_long, param: c_long, value: *mut Variant) -> bool,
        or false, {
        let row = instance.object.method(index(number));
        let row = row.and_then(|row| row.params.get(index(param)));
        let default = row.and_then(|row| row.default).map_or(Value::Empty, Value::from);
        // SAFETY: the host passes a variant for the value, which owns nothing yet.
        let written = !value.is_null()
            && unsafe { variant::write(value, &default, instance.host.memory()) };
        written && row.is_some()
    }

    /// Whether there is such a method; each gives a value.
    fn has_ret_val(instance, number: c_long) -> bool, or false, {
        instance.object.method(index(number)).is_some()
    }

    /// Calls a method and drops its value, as a statement does.
    fn call_as_proc(instance, number: c_long, params: *mut Variant, count: c_long) -> bool,
        or false, {
        // SAFETY: the host passes as many variants as it counts.
        unsafe { call(instance, number, params, count) }.is_ok()
    }

    /// Calls a method.
    fn call_as_func(
        instance,
        number: c_long,
        value: *mut Variant,
        params: *mut Variant,
        count: c_long
    ) -> bool, or false, {
        // SAFETY: the host passes as many variants as it counts.
        let outcome = unsafe { call(instance, number, params, count) };
        let Ok(given) = outcome else { return false };
        if value.is_null() {
            return true;
        }
        // SAFETY: the host passes a variant for the value, which owns nothing yet.
        let written = unsafe { variant::write(value, &given, instance.host.memory()) };
        if !written {
            instance.object.out_of_memory();
        }
        written
    }
}

/// Reads the arguments and calls the method.
///
/// # Safety
///
/// `params` points to `count` variants that stay as they are during the call; it may be NULL when
/// there are none.
unsafe fn call(
    instance: &Instance,
    number: c_long,
    params: *const Variant,
    count: c_long,
) -> Result<Value, Raised> {
    let mut room = [const { Value::Empty }; MOST];
    let count = usize::try_from(count).unwrap_or_default().min(MOST);
    let count = if params.is_null() { 0 } else { count };
    let given = &mut room[..count];
    for (at, value) in given.iter_mut().enumerate() {
        // SAFETY: `at` is below the count that the caller promises.
        let param = unsafe { params.add(at) };
        // SAFETY: as above.
        *value = unsafe { variant::read(param) };
    }
    instance.object.call(index(number), given)
}

fn rows(instance: &Instance) -> impl Iterator<Item = MethodInfo> {
    (0..).map_while(|number| instance.object.method(number))
}

/// More arguments than any method has parameters are not read; that there are so many is enough
/// to refuse the call.
const MOST: usize = crate::table::MOST_PARAMS + 1;
