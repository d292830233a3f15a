//! What an object tells about its methods and properties.

use std::ffi::c_long;

use super::object::Object;
use super::value::Value;
use super::variant::{EMPTY, Variant};

impl Object {
    /// The English and the Russian name of each method, in order.
    #[must_use]
    pub fn methods(&self) -> Vec<[String; 2]> {
        let (base, table) = self.language();
        // SAFETY: the object is alive.
        let count = unsafe { (table.get_n_methods)(base) };
        // SAFETY: the object is alive; any number may be passed.
        let name = |number, language| unsafe { (table.get_method_name)(base, number, language) };
        let both = |number| [0, 1].map(|language| self.take_name(name(number, language)));
        (0..count).map(|number| both(number).map(|name| name.expect("a name"))).collect()
    }

    /// The English and the Russian name of each property, and whether it can be set.
    #[must_use]
    pub fn properties(&self) -> Vec<([String; 2], bool)> {
        let (base, table) = self.language();
        // SAFETY: the object is alive.
        let count = unsafe { (table.get_n_props)(base) };
        // SAFETY: the object is alive; any number may be passed.
        let name = |number, language| unsafe { (table.get_prop_name)(base, number, language) };
        let both = |number| [0, 1].map(|language| self.take_name(name(number, language)));
        (0..count)
            .map(|number| {
                // SAFETY: the object is alive; any number may be passed.
                assert!(unsafe { (table.is_prop_readable)(base, number) });
                // SAFETY: the object is alive; any number may be passed.
                let writable = unsafe { (table.is_prop_writable)(base, number) };
                (both(number).map(|name| name.expect("a name")), writable)
            })
            .collect()
    }

    /// The number of a method.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<i32> {
        let (base, table) = self.language();
        let name: Vec<u16> = name.encode_utf16().chain([0]).collect();
        // SAFETY: a name with a zero at the end.
        number(unsafe { (table.find_method)(base, name.as_ptr()) })
    }

    /// The number of a property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<i32> {
        let (base, table) = self.language();
        let name: Vec<u16> = name.encode_utf16().chain([0]).collect();
        // SAFETY: a name with a zero at the end.
        number(unsafe { (table.find_prop)(base, name.as_ptr()) })
    }

    /// How many parameters a method has.
    #[must_use]
    pub fn param_count(&self, number: i32) -> usize {
        let (base, table) = self.language();
        // SAFETY: the object is alive; any number may be passed.
        let count = unsafe { (table.get_n_params)(base, number.into()) };
        usize::try_from(count).expect("a count")
    }

    /// The default of a parameter, if it has one.
    #[must_use]
    pub fn default(&self, number: i32, param: usize) -> Option<Value> {
        let (base, table) = self.language();
        let mut value = Variant::of(EMPTY, 0);
        let param = c_long::try_from(param).expect("a number");
        // SAFETY: an empty variant; any numbers may be passed.
        unsafe { (table.get_param_def_value)(base, number.into(), param, &raw mut value) };
        // SAFETY: the add-in has written the variant, and everything in it is ours now.
        Some(unsafe { self.take(value) }).filter(|value| *value != Value::Undefined)
    }

    /// Whether a method gives a value.
    #[must_use]
    pub fn has_value(&self, number: i32) -> bool {
        let (base, table) = self.language();
        // SAFETY: the object is alive; any number may be passed.
        unsafe { (table.has_ret_val)(base, number.into()) }
    }
}

fn number(found: c_long) -> Option<i32> {
    i32::try_from(found).ok().filter(|found| *found >= 0)
}
