//! Makes the folder the servers run in: configurations with their ports, certificates, a place for logs.

use std::{
    collections::BTreeMap,
    env, fs,
    io::ErrorKind,
    net::{Ipv6Addr, TcpListener},
    path::{Path, PathBuf},
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};

use super::{install::Installed, plan::Plan};
use crate::repository::{Repository, output};

/// A rendered folder and what the placeholders stand for.
pub(super) struct Rendering {
    pub(super) directory: PathBuf,
    pub(super) ports: BTreeMap<String, u16>,
    pub(super) skipped: BTreeMap<String, String>,
    user: String,
    venv: PathBuf,
}

/// Where `servers.json` is, whichever folder is really used.
pub(super) fn place(repository: &Repository) -> PathBuf {
    repository.target.join("servers/run")
}

/// Renders everything afresh.
pub(super) fn all(repository: &Repository, plan: &Plan, installed: Installed) -> Result<Rendering> {
    let directory = make_directory(&place(repository))?;
    let Installed { skipped, venv } = installed;
    let user = output(Command::new("id").arg("-un"))?.trim().to_owned();
    let ports = free_ports(plan.endpoints())?;
    let rendering = Rendering { directory, ports, skipped, user, venv };
    rendering.copy(&repository.root.join("tests/servers"), &rendering.directory)?;
    fs::create_dir_all(rendering.directory.join("logs"))?;
    certificates(repository, &rendering.directory)?;
    Ok(rendering)
}

impl Rendering {
    /// The text with every placeholder replaced.
    pub(super) fn fill(&self, text: &str) -> Result<String> {
        let mut values = vec![
            ("@dir@".to_owned(), self.directory.display().to_string()),
            ("@user@".to_owned(), self.user.clone()),
            ("@venv@".to_owned(), self.venv.display().to_string()),
        ];
        values.extend(
            self.ports.iter().map(|(name, port)| (format!("@port:{name}@"), port.to_string())),
        );
        let filled =
            values.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value));
        if let Some((_, rest)) = filled.split_once("@port:") {
            bail!("no endpoint has the name {:?}", rest.split('@').next().unwrap_or_default());
        }
        Ok(filled)
    }

    /// Copies what is below a folder: the configurations, and not the plan beside them.
    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
            let entry = entry?;
            let target = to.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                fs::create_dir_all(&target)?;
                self.copy(&entry.path(), &target)?;
            } else if to != self.directory {
                let text = fs::read_to_string(entry.path())?;
                let filled =
                    self.fill(&text).with_context(|| entry.path().display().to_string())?;
                fs::write(target, filled)?;
            }
        }
        Ok(())
    }
}

/// Makes the folder, in a public place when servers that drop their privileges could not enter it.
fn make_directory(place: &Path) -> Result<PathBuf> {
    let parent = place.parent().context("a folder without a parent")?;
    fs::create_dir_all(parent)?;
    remove(place)?;
    if is_open_to_all(parent) {
        fs::create_dir(place)?;
        open_to_all(place)?;
        return Ok(place.canonicalize()?);
    }
    let public = env::temp_dir().join(format!("opi-servers-{}", std::process::id()));
    fs::create_dir(&public).with_context(|| public.display().to_string())?;
    open_to_all(&public)?;
    link(&public, place)?;
    Ok(public.canonicalize()?)
}

/// Removes a folder of an earlier run, also when it is a link to a public place.
fn remove(place: &Path) -> Result<()> {
    if let Ok(target) = fs::read_link(place) {
        if target.exists() {
            fs::remove_dir_all(target)?;
        }
        fs::remove_file(place)?;
    } else if place.exists() {
        fs::remove_dir_all(place)?;
    }
    Ok(())
}

#[cfg(unix)]
fn is_open_to_all(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let everyone =
        |folder: &Path| folder.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o1 != 0);
    folder.canonicalize().is_ok_and(|folder| folder.ancestors().all(everyone))
}

#[cfg(unix)]
fn open_to_all(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?)
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(target, link)?)
}

#[cfg(not(unix))]
fn is_open_to_all(_folder: &Path) -> bool {
    true
}

#[cfg(not(unix))]
fn open_to_all(_folder: &Path) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn link(_target: &Path, _link: &Path) -> Result<()> {
    bail!("the real servers need Linux")
}

/// Ports below those that systems hand out themselves, so that nothing takes one before its server does.
fn free_ports<'a>(names: impl Iterator<Item = &'a String>) -> Result<BTreeMap<String, u16>> {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos();
    let begin = u16::try_from(clock % 10_000)?;
    let mut candidates = (0..10_000).map(|step| 20_000 + (begin + step) % 10_000);
    // All of them are held until the last is found, so no port is chosen twice.
    let mut held = Vec::new();
    let mut ports = BTreeMap::new();
    for name in names {
        let (port, listeners) = candidates.find_map(hold).context("no free port")?;
        ports.insert(name.clone(), port);
        held.push(listeners);
    }
    Ok(ports)
}

/// A port that is free on both loopback addresses, or on the one there is.
fn hold(port: u16) -> Option<(u16, Vec<TcpListener>)> {
    let four = TcpListener::bind(("127.0.0.1", port)).ok()?;
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(six) => Some((port, vec![four, six])),
        Err(error) if error.kind() == ErrorKind::AddrInUse => None,
        Err(_) => Some((port, vec![four])),
    }
}

/// Certificates are made once and kept as long as they are good.
fn certificates(repository: &Repository, directory: &Path) -> Result<()> {
    let kept = repository.target.join("servers/tls");
    let script = repository.root.join("tests/servers/tls/make.sh");
    let made_by = fs::read(&script)?;
    let day = "86400";
    let good = fs::read(kept.join("made-by.sh")).is_ok_and(|by| by == made_by)
        && output(
            Command::new("openssl")
                .args(["x509", "-noout", "-checkend", day, "-in"])
                .arg(kept.join("server.pem")),
        )
        .is_ok();
    if !good {
        remove(&kept)?;
        fs::create_dir_all(&kept)?;
        output(Command::new("sh").arg(&script).current_dir(&kept))?;
        fs::write(kept.join("made-by.sh"), made_by)?;
    }
    for entry in fs::read_dir(&kept)? {
        let entry = entry?;
        fs::copy(entry.path(), directory.join("tls").join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn rendering() -> Rendering {
        Rendering {
            directory: "run".into(),
            ports: BTreeMap::from([("a".to_owned(), 1), ("a-b".to_owned(), 2)]),
            skipped: BTreeMap::new(),
            user: "me".to_owned(),
            venv: "venv".into(),
        }
    }

    #[test]
    fn placeholders_are_replaced() {
        let filled = rendering().fill("@dir@/x @port:a@ @port:a-b@ @user@@host @venv@").unwrap();
        assert_eq!(filled, "run/x 1 2 me@host venv");
    }

    #[test]
    fn an_unknown_endpoint_is_refused() {
        let error = rendering().fill("listen @port:c@;").unwrap_err();
        assert_eq!(error.to_string(), "no endpoint has the name \"c\"");
    }

    #[test]
    fn every_endpoint_gets_a_port_of_its_own() {
        let names: Vec<String> = (0..20).map(|number| format!("n{number}")).collect();
        let ports: BTreeSet<u16> = free_ports(names.iter()).unwrap().into_values().collect();
        assert_eq!(ports.len(), 20);
        assert!(ports.iter().all(|port| (20_000..30_000).contains(port)), "{ports:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_place_is_linked_to_a_public_one() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let place = home.path().join("servers/run");
        let real = make_directory(&place).unwrap();
        assert!(!real.starts_with(home.path().canonicalize().unwrap()));
        assert_eq!(place.canonicalize().unwrap(), real);
        remove(&place).unwrap();
        assert!(!real.exists() && !place.exists());
    }
}
