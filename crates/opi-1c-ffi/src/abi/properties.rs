//! The entries for properties.

use std::ffi::c_long;

use super::entry::entries;
use super::language::{alias, give_text, index};
use super::object::{Instance, LANGUAGE};
use super::text;
use super::variant::{self, Variant};
use crate::table::{Access, PropertyInfo};

entries! { LANGUAGE;
    /// Counts the properties.
    fn get_n_props(instance) -> c_long, or 0, {
        c_long::try_from(rows(instance).count()).unwrap_or_default()
    }

    /// Finds a property by its name in either language, in any letter case; -1 for none.
    fn find_prop(instance, name: *const u16) -> c_long, or -1, {
        // SAFETY: NULL, or a text with a zero at the end.
        let typed = unsafe { text::terminated(name) };
        let Some(typed) = typed else { return -1 };
        instance.object.context().language.find(rows(instance).map(|row| row.name), &typed)
    }

    /// Gives the name of a property; NULL for none.
    fn get_prop_name(instance, number: c_long, language: c_long) -> *mut u16,
        or std::ptr::null_mut(), {
        match instance.object.property(index(number)) {
            Some(row) => give_text(instance, alias(row.name, language)),
            None => std::ptr::null_mut(),
        }
    }

    /// Reads a property.
    fn get_prop_val(instance, number: c_long, value: *mut Variant) -> bool, or false, {
        let Ok(read) = instance.object.get(index(number)) else { return false };
        // SAFETY: the host passes a variant for the value, which owns nothing yet.
        !value.is_null() && unsafe { variant::write(value, &read, instance.host.memory()) }
    }

    /// Sets a property.
    fn set_prop_val(instance, number: c_long, value: *mut Variant) -> bool, or false, {
        // SAFETY: the host passes a variant that stays as it is during the call.
        let value = unsafe { variant::read(value) };
        instance.object.set(index(number), value).is_ok()
    }

    /// Whether there is such a property; each can be read.
    fn is_prop_readable(instance, number: c_long) -> bool, or false, {
        instance.object.property(index(number)).is_some()
    }

    /// Whether a property can be set.
    fn is_prop_writable(instance, number: c_long) -> bool, or false, {
        let row = instance.object.property(index(number));
        row.is_some_and(|row| row.access == Access::ReadWrite)
    }
}

fn rows(instance: &Instance) -> impl Iterator<Item = PropertyInfo> {
    (0..).map_while(|number| instance.object.property(number))
}
