//! The program that loads the add-in: 1C, or OneScript.

use std::ffi::{c_int, c_void};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use libloading::Library;

use super::connection::Ex;
use super::library::{self, Exports};
use super::memory::{GIVE, GIVE_FALSE, GIVE_NULL, Memory};
use super::object::Object;
use super::tables::read_terminated;

/// Which program the host behaves as.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Profile {
    /// 1C: announces its capabilities, calls `Init` before `setMemManager`, fills in defaults,
    /// turns a failed call into an exception, ends an object by `Done` and `DestroyObject`.
    Enterprise,
    /// OneScript: announces nothing, calls `setMemManager` before `Init`, ignores whether a call
    /// failed, knows whole numbers of 32 bits only, ends an object by `Done` and `delete`.
    OneScript,
}

/// A host with the add-in loaded; clones are the same host. It is unloaded after the last clone
/// and the last object.
#[derive(Clone)]
pub struct Host(Arc<Loaded>);

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("profile", &self.0.profile).finish_non_exhaustive()
    }
}

pub(super) struct Loaded {
    pub(super) exports: Exports,
    pub(super) profile: Profile,
    pub(super) memory: Memory,
    _library: Option<Library>,
}

impl Host {
    /// Loads the add-in that [`build`](super::build) finds.
    #[must_use]
    pub fn load(profile: Profile) -> Self {
        Self::load_from(library::build(), profile)
    }

    /// Loads the add-in from `path`.
    ///
    /// # Panics
    ///
    /// It cannot be loaded, or lacks a function.
    #[must_use]
    pub fn load_from(path: &Path, profile: Profile) -> Self {
        // SAFETY: opi's library runs nothing when it is loaded or unloaded.
        let library = unsafe { Library::new(path) }.expect("the add-in can be loaded");
        // SAFETY: opi's library has them, and `Loaded` keeps the library as long as them.
        let exports = unsafe { Exports::of(&library) };
        Self::with(exports, profile, Some(library))
    }

    /// A host of an add-in that is part of the running program.
    #[must_use]
    pub fn linked(exports: Exports, profile: Profile) -> Self {
        Self::with(exports, profile, None)
    }

    fn with(exports: Exports, profile: Profile, library: Option<Library>) -> Self {
        if profile == Profile::Enterprise {
            // SAFETY: a function of the add-in that takes a number.
            let level = unsafe { (exports.set_platform_capabilities)(LEVEL) };
            assert!((1..=LEVEL).contains(&level), "level {level}");
        }
        Self(Arc::new(Loaded { exports, profile, memory: Memory::new(), _library: library }))
    }

    /// The names of the classes.
    #[must_use]
    pub fn classes(&self) -> Vec<String> {
        // SAFETY: a function of the add-in without arguments.
        let names = unsafe { (self.0.exports.get_class_names)() };
        // SAFETY: the add-in gives a text with a zero at the end.
        let names = unsafe { read_terminated(names) };
        names.split('|').map(str::to_owned).collect()
    }

    /// In which processes the add-in may run: 3 is any.
    #[must_use]
    pub fn attach_type(&self) -> c_int {
        // SAFETY: a function of the add-in without arguments.
        unsafe { (self.0.exports.get_attach_type)() }
    }

    /// A new object of a class, ready for calls.
    ///
    /// # Panics
    ///
    /// There is no such class, or the object does not start.
    #[must_use]
    #[track_caller]
    pub fn create(&self, class: &str) -> Object {
        self.try_create(class).expect("an object of the class")
    }

    /// A new object of a class, if there is such a class.
    #[must_use]
    pub fn try_create(&self, class: &str) -> Option<Object> {
        let name: Vec<u16> = class.encode_utf16().chain([0]).collect();
        let mut object: *mut c_void = std::ptr::null_mut();
        // SAFETY: a name with a zero at the end, and a place for a pointer.
        let made = unsafe { (self.0.exports.get_class_object)(name.as_ptr(), &raw mut object) };
        assert_eq!(made != 0, !object.is_null(), "GetClassObject agrees with itself");
        let ex = match self.0.profile {
            Profile::Enterprise => Ex::Present,
            Profile::OneScript => Ex::Absent,
        };
        // SAFETY: a new object of the add-in, which the host now owns.
        (made != 0).then(|| unsafe { Object::begin(self.clone(), object, ex) })
    }

    /// Asks for an object with a NULL name, and with a NULL place; neither may work.
    #[must_use]
    pub fn create_from_null(&self) -> [bool; 2] {
        let mut object = std::ptr::null_mut();
        // SAFETY: the add-in must bear a NULL name.
        let nameless =
            unsafe { (self.0.exports.get_class_object)(std::ptr::null(), &raw mut object) };
        let name: Vec<u16> = self.classes()[0].encode_utf16().chain([0]).collect();
        // SAFETY: the add-in must bear a NULL place.
        let placeless =
            unsafe { (self.0.exports.get_class_object)(name.as_ptr(), std::ptr::null_mut()) };
        [nameless != 0, placeless != 0]
    }

    /// How many blocks the add-in was given and nobody has freed.
    #[must_use]
    pub fn live_blocks(&self) -> usize {
        assert_eq!(self.0.memory.strangers(), 0, "a block was freed that was never given");
        self.0.memory.live()
    }

    /// Runs `body` while the memory manager gives nothing, in both ways of giving nothing.
    pub fn without_memory(&self, body: impl Fn()) {
        for way in [GIVE_NULL, GIVE_FALSE] {
            self.0.memory.refuse(way);
            body();
        }
        self.0.memory.refuse(GIVE);
    }

    pub(super) fn loaded(&self) -> &Loaded {
        &self.0
    }
}

/// The newest level in the public headers.
const LEVEL: c_int = 3;
