//! Brings the programs: Debian packages when we are root, Python packages in an environment of their own.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use super::plan::{Plan, Server, Tool};
use crate::{
    repository::{Repository, output},
    steps::execute,
};

/// What is there after installing.
pub(super) struct Installed {
    /// Servers that cannot be started, and why.
    pub(super) skipped: BTreeMap<String, String>,
    pub(super) venv: PathBuf,
}

/// Installs what is missing and can be had.
pub(super) fn all(repository: &Repository, plan: &Plan) -> Result<Installed> {
    let begun = Instant::now();
    debian(&wanted(plan));
    let venv = repository.target.join("servers/venv");
    let python = python(&venv, &repository.root.join("tests/servers/requirements.txt"));
    if let Some(tool) = plan.tools.iter().find(|tool| find(&tool.program).is_none()) {
        bail!("{} is needed (Debian: {})", tool.program, tool.debian.join(" "));
    }
    let missing = |server: &Server| {
        let why = match (server.program.strip_prefix("@venv@/"), &python) {
            (Some(_), Ok(())) => return no_loopback(server),
            (Some(_), Err(error)) => format!("no Python environment: {error:#}"),
            (None, _) if find(&server.program).is_some() => return no_loopback(server),
            (None, _) => format!("no {} (Debian: {})", server.program, server.debian.join(" ")),
        };
        Some((server.name.clone(), why.lines().next().unwrap_or_default().to_owned()))
    };
    let mut skipped: BTreeMap<String, String> = plan.servers.iter().filter_map(missing).collect();
    skipped.extend(plan.clients.iter().filter_map(no_client));
    for server in &plan.servers {
        if let Some(after) = server.after.as_ref().filter(|after| skipped.contains_key(*after)) {
            skipped.insert(server.name.clone(), format!("needs {after}"));
        }
    }
    println!(
        "everything that can be had is installed after {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    Ok(Installed { skipped, venv })
}

fn no_client(client: &Tool) -> Option<(String, String)> {
    let Tool { program, debian } = client;
    let why = || format!("no {program} (Debian: {})", debian.join(" "));
    find(program).is_none().then(|| (program.clone(), why()))
}

/// Says that a server cannot listen where it should, as where IPv6 is switched off.
fn no_loopback(server: &Server) -> Option<(String, String)> {
    let refused = TcpListener::bind((server.loopback, 0)).err()?;
    Some((server.name.clone(), format!("no address {}: {refused}", server.loopback)))
}

/// Installs the Debian packages of the programs that are missing; returns those still missing.
pub(super) fn programs<'a>(wanted: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let missing = || wanted.iter().filter(|(program, _)| find(program).is_none());
    debian(&missing().map(|(_, package)| *package).collect());
    missing().map(|(program, _)| *program).collect()
}

/// A program by name, or by path; servers often live where only root looks.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders =
        env::split_paths(&path).chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Debian packages of the programs that are missing.
fn wanted(plan: &Plan) -> BTreeSet<&str> {
    let tools = plan.tools.iter().chain(&plan.clients);
    let tools = tools.map(|tool| (&tool.program, &tool.debian));
    let servers = plan.servers.iter().map(|server| (&server.program, &server.debian));
    let missing = tools.chain(servers).filter(|(program, _)| find(program).is_none());
    let mut wanted: BTreeSet<&str> =
        missing.flat_map(|(_, debian)| debian).map(String::as_str).collect();
    if !can_make_environments() {
        wanted.insert("python3-venv");
    }
    wanted
}

/// What cannot be installed is reported later, by the servers that lack it.
fn debian(packages: &BTreeSet<&str>) {
    if packages.is_empty() || find("apt-get").is_none() || !is_root() {
        return;
    }
    let quiet = QuietDaemons::new();
    let names: Vec<&str> = packages.iter().copied().collect();
    let installed = apt(&[&INSTALL, names.as_slice()].concat()).or_else(|_| {
        // Most often the lists of packages are missing or old.
        apt(&["update", "-qq"])?;
        apt(&[&INSTALL, names.as_slice()].concat())
    });
    if installed.is_err() {
        for name in names {
            if let Err(error) = apt(&[&INSTALL, [name].as_slice()].concat()) {
                println!("{error:#}");
            }
        }
    }
    drop(quiet);
}

const INSTALL: [&str; 5] =
    ["install", "-y", "-qq", "--no-install-recommends", "-o=DPkg::Lock::Timeout=300"];

fn apt(arguments: &[&str]) -> Result<()> {
    let mut apt = Command::new("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    println!("$ {}", crate::repository::show(&apt));
    output(&mut apt).map(drop)
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Keeps freshly installed packages from starting their daemons, by the policy file that Debian asks.
///
/// The file is removed at the end. Should we be killed before, it permits everything again.
struct QuietDaemons {
    file: Option<&'static Path>,
}

impl QuietDaemons {
    fn new() -> Self {
        let file = Path::new("/usr/sbin/policy-rc.d");
        if file.exists() {
            return Self { file: None };
        }
        let us = std::process::id();
        let policy = format!(
            "#!/bin/sh\n# Of a running cargo xtask.\n[ -d /proc/{us} ] && exit 101\nexit 0\n"
        );
        match fs::write(file, policy).and_then(|()| make_executable(file)) {
            Ok(()) => Self { file: Some(file) },
            Err(_) => Self { file: None },
        }
    }
}

impl Drop for QuietDaemons {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.file.map(fs::remove_file) {
            println!("the policy file of the installation stays: {error}");
        }
    }
}

#[cfg(unix)]
fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_file: &Path) -> std::io::Result<()> {
    Ok(())
}

fn can_make_environments() -> bool {
    output(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok()
}

/// The environment is made again when its list changes.
fn python(venv: &Path, list: &Path) -> Result<()> {
    let wanted = fs::read_to_string(list).context("the list of Python packages")?;
    let stamp = venv.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    execute(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    execute(Command::new(venv.join("bin/python")).args(pip).arg(list))?;
    Ok(fs::write(&stamp, wanted)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn programs_are_found_by_name_and_by_path() {
        let shell = find("sh").unwrap();
        assert_eq!(find(shell.to_str().unwrap()), Some(shell));
        assert_eq!(find("no-such-program"), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_environment_is_not_made_again_without_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("requirements.txt");
        let venv = folder.path().join("venv");
        fs::create_dir(&venv).unwrap();
        fs::write(&list, "nothing==1\n").unwrap();
        fs::write(venv.join("installed.txt"), "nothing==1\n").unwrap();
        python(&venv, &list).unwrap();
        assert!(!venv.join("bin").exists());
    }
}
