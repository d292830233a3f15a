//! The library of the add-in: where it is, and the five functions it exports.

use std::env::consts::{DLL_EXTENSION, DLL_PREFIX, DLL_SUFFIX};
use std::ffi::{c_int, c_long, c_void};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use libloading::Library;
use serde_json::Value as Json;

/// The functions that a host finds by name.
#[derive(Clone, Copy, Debug)]
pub struct Exports {
    /// Names the classes.
    pub get_class_names: unsafe extern "C" fn() -> *const u16,
    /// Makes an object.
    pub get_class_object: unsafe extern "C" fn(*const u16, *mut *mut c_void) -> c_long,
    /// Deletes an object.
    pub destroy_object: unsafe extern "C" fn(*mut *mut c_void) -> c_long,
    /// Takes the level of the host.
    pub set_platform_capabilities: unsafe extern "C" fn(c_int) -> c_int,
    /// Says in which processes the add-in may run.
    pub get_attach_type: unsafe extern "C" fn() -> c_int,
}

impl Exports {
    /// Finds the functions in `library`.
    ///
    /// # Safety
    ///
    /// They have these signatures, and are not used after the library is unloaded.
    pub(super) unsafe fn of(library: &Library) -> Self {
        // SAFETY: the caller promises the signatures; so for each of the five.
        unsafe {
            Self {
                get_class_names: *library.get(b"GetClassNames").expect("GetClassNames"),
                get_class_object: *library.get(b"GetClassObject").expect("GetClassObject"),
                destroy_object: *library.get(b"DestroyObject").expect("DestroyObject"),
                set_platform_capabilities: *library
                    .get(b"SetPlatformCapabilities")
                    .expect("SetPlatformCapabilities"),
                get_attach_type: *library.get(b"GetAttachType").expect("GetAttachType"),
            }
        }
    }
}

/// The path of the add-in's library: `OPI_ADDIN`; or the one that cargo has built together with
/// the running program; or else it is built now, once a process.
///
/// # Panics
///
/// It cannot be built.
pub fn build() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let given = std::env::var_os("OPI_ADDIN").map(PathBuf::from);
        given.or_else(built_together).unwrap_or_else(cargo_build)
    })
}

/// This package depends on the add-in, so cargo puts its library where the dependencies are.
fn built_together() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let name = format!("{DLL_PREFIX}opi_1c_ffi{DLL_SUFFIX}");
    let mut folders = program.ancestors().skip(1).take(2);
    let deps = folders.find_map(|folder| match folder.ends_with("deps") {
        true => Some(folder.to_owned()),
        false => Some(folder.join("deps")).filter(|deps| deps.is_dir()),
    })?;
    Some(deps.join(name)).filter(|library| library.is_file())
}

/// Builds with the profile and into the folder of the running program.
fn cargo_build() -> PathBuf {
    let program = std::env::current_exe().expect("the path of the running program");
    let folders: Vec<_> = program.ancestors().collect();
    let deps = folders.iter().position(|folder| folder.ends_with("deps"));
    let profile = folders[deps.map_or(1, |deps| deps + 1)];
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args([
        "build",
        "--package",
        "opi-1c-ffi",
        "--message-format",
        "json-render-diagnostics",
    ]);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.arg("--target-dir").arg(profile.parent().expect("the target folder"));
    if profile.ends_with("release") {
        command.arg("--release");
    }
    let output = command.stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "the add-in does not build");
    let messages = String::from_utf8(output.stdout).expect("messages of cargo");
    let library = messages.lines().filter_map(library_of).next_back();
    library.expect("cargo names the library")
}

fn library_of(message: &str) -> Option<PathBuf> {
    let message: Json = serde_json::from_str(message).ok()?;
    if message["target"]["name"] != "opi_1c_ffi" {
        return None;
    }
    let files = message["filenames"].as_array()?.iter().filter_map(Json::as_str);
    files.map(PathBuf::from).find(|file| file.extension().is_some_and(|end| end == DLL_EXTENSION))
}
