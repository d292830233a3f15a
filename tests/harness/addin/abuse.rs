//! What no honest host does, and the add-in must bear.

use super::object::Object;
use super::tables::{self, LOCALE, Locale, USER_LANGUAGE};

impl Object {
    /// Passes NULL wherever the interface has a pointer; the add-in must bear it.
    pub fn pass_null(&self, number: i32) {
        let (base, table) = self.language();
        let null = std::ptr::null_mut();
        // SAFETY: the add-in must bear NULL; so for each of these.
        unsafe {
            assert_eq!((table.find_method)(base, null), -1);
            assert_eq!((table.find_prop)(base, null), -1);
            assert!(!(table.register_extension_as)(base, null.cast()));
            assert!(!(table.get_prop_val)(base, 0, null.cast()));
            assert!(!(table.set_prop_val)(base, 0, null.cast()));
            assert!(!(table.get_param_def_value)(base, 0, 0, null.cast()));
            (table.call_as_func)(base, number.into(), null.cast(), null.cast(), 3);
            (table.call_as_proc)(base, number.into(), null.cast(), -1);
        }
        for locale in [LOCALE, USER_LANGUAGE] {
            // SAFETY: both bases have this table.
            let (base, table) = unsafe { tables::base::<Locale>(self.raw(), locale) };
            // SAFETY: the add-in must bear NULL.
            unsafe { (table.set)(base, null) };
        }
    }

    /// Deletes the object although calls of it may still be running in other threads; there must
    /// be no later one.
    pub fn destroy_under_running_calls(&self) {
        let mut raw = self.give_up();
        // SAFETY: an object of the add-in that no call begins on any more.
        unsafe { (self.exports().destroy_object)(&raw mut raw) };
    }
}
