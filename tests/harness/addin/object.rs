//! An object of the add-in, called by names as a program does.

use std::ffi::{c_long, c_void};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use serde_json::Value as Json;

use super::argument::Arguments;
use super::connection::{Connection, Ex, RaisedError};
use super::host::{Host, Profile};
use super::library::Exports;
use super::tables::{
    self, INIT_DONE, InitDone, LANGUAGE_EXTENDER, LOCALE, LanguageExtender, Locale, USER_LANGUAGE,
};
use super::value::Value;
use super::variant::{BLOB, BOOL, EMPTY, I4, PWSTR, R8, Variant};

/// An object of the add-in; dropping it ends it as its host does.
pub struct Object {
    host: Host,
    /// NULL when it is gone.
    raw: AtomicPtr<c_void>,
    connection: Box<Connection>,
    ending: Ending,
}

/// How the object goes.
#[derive(Clone, Copy)]
enum Ending {
    ByHost,
    DeletedThrough(usize),
}

/// A call that 1C would turn into an exception.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Failed {
    /// There is no such method or property.
    Unknown,
    /// The add-in gave `false`; what it had announced.
    False(Vec<RaisedError>),
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("raw", &self.raw).finish_non_exhaustive()
    }
}

// SAFETY: the add-in promises that its objects may be used from any thread, several at once.
unsafe impl Send for Object {}
// SAFETY: as above.
unsafe impl Sync for Object {}

impl Object {
    /// Starts an object as the host's profile does.
    ///
    /// # Safety
    ///
    /// `raw` is a new object of the host's add-in that nobody else owns.
    pub(super) unsafe fn begin(host: Host, raw: *mut c_void, ex: Ex) -> Self {
        let connection = Box::new(Connection::new(ex));
        let raw = AtomicPtr::new(raw);
        let object = Self { host, raw, connection, ending: Ending::ByHost };
        let steps: [fn(&Self); 2] = match object.host.loaded().profile {
            Profile::Enterprise => [Self::init, Self::lend_memory],
            Profile::OneScript => [Self::lend_memory, Self::init],
        };
        for step in steps {
            step(&object);
        }
        object
    }

    fn init(&self) {
        let (base, table) = self.init_done();
        let connection = (&raw const *self.connection).cast_mut();
        // SAFETY: the connection lives as long as the object.
        assert!(unsafe { (table.init)(base, connection.cast()) }, "Init");
        // SAFETY: the object is alive.
        assert_eq!(unsafe { (table.get_info)(base) }, 2000, "GetInfo");
    }

    fn lend_memory(&self) {
        let (base, table) = self.init_done();
        let memory = (&raw const self.host.loaded().memory).cast_mut();
        // SAFETY: the manager lives as long as the host, which this object keeps.
        assert!(unsafe { (table.set_mem_manager)(base, memory.cast()) }, "setMemManager");
    }

    /// The name under which the object registers.
    #[must_use]
    pub fn class(&self) -> String {
        let (base, table) = self.language();
        let mut name = std::ptr::null_mut();
        // SAFETY: a place for a pointer.
        assert!(unsafe { (table.register_extension_as)(base, &raw mut name) });
        self.take_name(name).expect("a name")
    }

    /// Calls a method for its value. Parameters that are not given take their defaults, as far as
    /// they have one.
    ///
    /// # Errors
    ///
    /// There is no such method; or, in 1C, the add-in gave `false`.
    pub fn call(&self, name: &str, given: &[Value]) -> Result<Value, Failed> {
        let number = self.method(name).ok_or(Failed::Unknown)?;
        let mut given = given.to_vec();
        given.extend(
            (given.len()..self.param_count(number)).map_while(|at| self.default(number, at)),
        );
        self.call_number(number, &given)
    }

    /// Calls a method by its number with exactly these arguments.
    ///
    /// # Errors
    ///
    /// In 1C, the add-in gave `false`.
    pub fn call_number(&self, number: i32, given: &[Value]) -> Result<Value, Failed> {
        let before = self.connection.errors().len();
        let mut arguments = Arguments::new(given);
        let mut value = Variant::of(EMPTY, 0);
        let count = c_long::try_from(given.len()).expect("a count");
        let (base, table) = self.language();
        // SAFETY: as many variants as counted, which live until the call ends.
        let worked = unsafe {
            (table.call_as_func)(base, number.into(), &raw mut value, arguments.as_mut_ptr(), count)
        };
        // SAFETY: the add-in has written the variant, and everything in it is ours now.
        let value = unsafe { self.take(value) };
        match self.host.loaded().profile {
            Profile::Enterprise if !worked => {
                assert_eq!(value, Value::Undefined, "a failed call gives no value");
                Err(Failed::False(self.connection.errors().split_off(before)))
            }
            Profile::Enterprise | Profile::OneScript => Ok(value),
        }
    }

    /// Calls a method as a statement does; gives what the add-in says about its success.
    #[track_caller]
    pub fn run(&self, name: &str, given: &[Value]) -> bool {
        let number = self.method(name).expect("a method");
        let mut arguments = Arguments::new(given);
        let count = c_long::try_from(given.len()).expect("a count");
        let (base, table) = self.language();
        // SAFETY: as many variants as counted, which live until the call ends.
        unsafe { (table.call_as_proc)(base, number.into(), arguments.as_mut_ptr(), count) }
    }

    /// Calls a method whose value is JSON text.
    ///
    /// # Panics
    ///
    /// The value is anything else.
    #[track_caller]
    pub fn call_json(&self, name: &str, given: &[Value]) -> Json {
        match self.call(name, given) {
            Ok(Value::Text(text)) => serde_json::from_str(&text).expect("JSON text"),
            other => panic!("{name}: expected JSON text, got {other:?}"),
        }
    }

    /// Reads a property.
    ///
    /// # Errors
    ///
    /// There is no such property, or the add-in gave `false`.
    pub fn get(&self, name: &str) -> Result<Value, Failed> {
        let number = self.property(name).ok_or(Failed::Unknown)?;
        let mut value = Variant::of(EMPTY, 0);
        let (base, table) = self.language();
        // SAFETY: an empty variant.
        let worked = unsafe { (table.get_prop_val)(base, number.into(), &raw mut value) };
        // SAFETY: the add-in has written the variant, and everything in it is ours now.
        let value = unsafe { self.take(value) };
        if worked { Ok(value) } else { Err(Failed::False(self.errors())) }
    }

    /// Sets a property.
    ///
    /// # Errors
    ///
    /// There is no such property, or the add-in gave `false`.
    pub fn set(&self, name: &str, value: &Value) -> Result<(), Failed> {
        let number = self.property(name).ok_or(Failed::Unknown)?;
        let mut arguments = Arguments::new(std::slice::from_ref(value));
        let (base, table) = self.language();
        // SAFETY: one variant, which lives until the call ends.
        let worked = unsafe { (table.set_prop_val)(base, number.into(), arguments.as_mut_ptr()) };
        if worked { Ok(()) } else { Err(Failed::False(self.errors())) }
    }

    /// The property `LastError`; `None` after a call that succeeded.
    #[must_use]
    pub fn last_error(&self) -> Option<Json> {
        match self.get("LastError") {
            Ok(Value::Text(text)) if text.is_empty() => None,
            Ok(Value::Text(text)) => Some(serde_json::from_str(&text).expect("JSON text")),
            other => panic!("LastError: {other:?}"),
        }
    }

    /// Every error that the object has announced.
    #[must_use]
    pub fn errors(&self) -> Vec<RaisedError> {
        self.connection.errors()
    }

    /// Runs `handler` inside each announcement of an error, where OneScript runs event handlers.
    pub fn on_error(&self, handler: impl Fn() + Send + Sync + 'static) {
        self.connection.on_error(Arc::new(handler));
    }

    /// Tells the object the locale of the platform.
    pub fn set_locale(&self, code: &str) {
        self.tell(LOCALE, code);
    }

    /// Tells the object the language of the user.
    pub fn set_user_language(&self, code: &str) {
        self.tell(USER_LANGUAGE, code);
    }

    fn tell(&self, number: usize, code: &str) {
        // SAFETY: both bases have this table.
        let (base, table) = unsafe { tables::base::<Locale>(self.raw(), number) };
        let code: Vec<u16> = code.encode_utf16().chain([0]).collect();
        // SAFETY: a text with a zero at the end.
        unsafe { (table.set)(base, code.as_ptr()) };
    }

    /// Says that the object is no longer needed; calls of it may still be running.
    pub fn done(&self) {
        let (base, table) = self.init_done();
        // SAFETY: the object is alive.
        unsafe { (table.done)(base) };
    }

    /// Ends the object by `delete` through the base with this number, without `Done`.
    pub fn delete_through(mut self, base: usize) {
        self.ending = Ending::DeletedThrough(base);
    }

    pub(super) fn raw(&self) -> *mut c_void {
        self.raw.load(Ordering::SeqCst)
    }

    /// Leaves the end of the object to the caller.
    pub(super) fn give_up(&self) -> *mut c_void {
        self.raw.swap(std::ptr::null_mut(), Ordering::SeqCst)
    }

    pub(super) fn exports(&self) -> &Exports {
        &self.host.loaded().exports
    }

    fn init_done(&self) -> (*mut c_void, &InitDone) {
        // SAFETY: the object is alive, and this is the table of its base 0.
        unsafe { tables::base(self.raw(), INIT_DONE) }
    }

    pub(super) fn language(&self) -> (*mut c_void, &LanguageExtender) {
        // SAFETY: the object is alive, and this is the table of its base 1.
        unsafe { tables::base(self.raw(), LANGUAGE_EXTENDER) }
    }

    pub(super) fn take_name(&self, name: *mut u16) -> Option<String> {
        if name.is_null() {
            return None;
        }
        // SAFETY: the add-in gives a text with a zero at the end.
        let text = unsafe { tables::read_terminated(name) };
        self.host.loaded().memory.free(name.cast());
        Some(text)
    }

    /// Reads what the add-in has written, and frees it.
    ///
    /// # Safety
    ///
    /// The variant is what the add-in has written, or empty.
    pub(super) unsafe fn take(&self, variant: Variant) -> Value {
        let Variant { union, vt, .. } = variant;
        // SAFETY: the type says which field was written; so for each field below.
        unsafe {
            match vt {
                EMPTY => Value::Undefined,
                I4 => Value::Int(union.int),
                R8 => Value::Number(union.real),
                BOOL => Value::Bool(union.flag != 0),
                PWSTR => {
                    let units = self.take_block::<u16>(union.block.at, union.block.len);
                    Value::Text(String::from_utf16(&units).expect("text of the add-in"))
                }
                BLOB => Value::Bytes(self.take_block(union.block.at, union.block.len)),
                other => panic!("type {other} is lost on the way to 1C or OneScript"),
            }
        }
    }

    /// # Safety
    ///
    /// The block holds `len` elements.
    unsafe fn take_block<T: Copy>(&self, at: *mut c_void, len: u32) -> Vec<T> {
        let memory = &self.host.loaded().memory;
        let size = memory.size(at).expect("a block of the host's own memory manager");
        let len = usize::try_from(len).expect("a length");
        assert!(len * size_of::<T>() <= size, "the block is shorter than it says");
        // SAFETY: the caller promises the elements, and the block is long enough for them.
        let elements = unsafe { std::slice::from_raw_parts(at.cast::<T>(), len) }.to_vec();
        memory.free(at);
        elements
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        let mut raw = self.raw();
        if raw.is_null() {
            return;
        }
        match (self.ending, self.host.loaded().profile) {
            // SAFETY: nobody uses the object any more.
            (Ending::DeletedThrough(base), _) => unsafe { tables::delete(raw, base) },
            (Ending::ByHost, Profile::OneScript) => {
                self.done();
                // SAFETY: nobody uses the object any more.
                unsafe { tables::delete(raw, INIT_DONE) };
            }
            (Ending::ByHost, Profile::Enterprise) => {
                self.done();
                let destroy = self.exports().destroy_object;
                // SAFETY: nobody uses the object any more.
                let gone = unsafe { destroy(&raw mut raw) };
                assert_eq!((gone, raw), (0, std::ptr::null_mut()), "DestroyObject");
                // SAFETY: the add-in must bear an object that is gone already.
                assert_ne!(unsafe { destroy(&raw mut raw) }, 0, "a second DestroyObject");
            }
        }
    }
}
