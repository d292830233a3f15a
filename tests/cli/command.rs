//! Runs the command and tells how it ended.

use std::cell::Cell;
use std::env::consts::EXE_SUFFIX;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::LazyLock;

use harness::watch;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// A command line, not run yet. Standard input is empty, the language is English.
#[must_use]
#[derive(Debug)]
pub(crate) struct Opi {
    command: Command,
    stdin: Vec<u8>,
}

/// A command that runs.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    stdin: Vec<u8>,
    signalled: Cell<bool>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Opi {
    pub(crate) fn new<S: AsRef<str>>(arguments: &[S]) -> Self {
        let mut command = Command::new(&*BINARY);
        command.args(arguments.iter().map(AsRef::as_ref)).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_remove("LC_MESSAGES").env_remove("LANG").env("LC_ALL", "C");
        Self { command, stdin: Vec::new() }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Where the command works.
    pub(crate) fn folder(mut self, folder: &std::path::Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Where standard output goes; the outcome has nothing of it then.
    #[cfg(target_os = "linux")]
    pub(crate) fn stdout(mut self, file: std::fs::File) -> Self {
        self.command.stdout(file);
        self
    }

    pub(crate) fn stdin(self, stdin: impl Into<Vec<u8>>) -> Self {
        Self { stdin: stdin.into(), ..self }
    }

    pub(crate) fn start(mut self) -> Running {
        let child = self.command.spawn().expect("the command can be started");
        Running { child, stdin: self.stdin, signalled: Cell::default() }
    }

    pub(crate) async fn run(self) -> Outcome {
        self.start().end().await
    }

    /// Runs it with more options.
    pub(crate) async fn run_with(mut self, options: &[&str]) -> Outcome {
        self.command.args(options);
        self.run().await
    }
}

/// Runs `opi` with `arguments` and waits for its end.
pub(crate) async fn opi<S: AsRef<str>>(arguments: &[S]) -> Outcome {
    Opi::new(arguments).run().await
}

impl Running {
    /// Waits for the end, with standard input written and closed.
    pub(crate) async fn end(mut self) -> Outcome {
        let mut stdin = self.child.stdin.take().expect("it is taken only here");
        let writing = async {
            // A command that reads nothing may be gone before everything is written.
            let _gone = stdin.write_all(&self.stdin).await.is_err();
            // The end of the input must not be what a command that was told to end meets first.
            self.signalled.get().then_some(stdin)
        };
        let ending = async { tokio::join!(writing, self.child.wait_with_output()).1 };
        let output = watch("the end of the command", ending).await.unwrap();
        Outcome {
            code: output.status.code().expect("the command ends by itself"),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }

    /// Reads the first line of standard output.
    pub(crate) async fn first_line(&mut self) -> String {
        line(self.child.stdout.as_mut().expect("it is not taken yet")).await
    }

    /// Reads the first line of standard error.
    pub(crate) async fn first_note(&mut self) -> String {
        line(self.child.stderr.as_mut().expect("it is not taken yet")).await
    }

    /// Standard input, to be written piece by piece; [`Self::end`] closes it.
    pub(crate) fn stdin(&mut self) -> &mut tokio::process::ChildStdin {
        self.child.stdin.as_mut().expect("it is not taken yet")
    }

    /// Stops reading standard output.
    pub(crate) fn close_stdout(&mut self) {
        drop(self.child.stdout.take());
    }

    /// Sends a signal, for example `INT`.
    #[cfg(unix)]
    pub(crate) async fn signal(&self, name: &str) {
        self.signalled.set(true);
        let id = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().await.unwrap();
        assert!(sent.success());
    }
}

/// Reads a line byte by byte, so that nothing behind it is taken.
async fn line(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        let byte = watch("a line of the command", stream.read_u8()).await;
        line.push(byte.expect("the command writes a line"));
    }
    String::from_utf8(line).unwrap().trim_end().to_owned()
}

impl Outcome {
    /// The result of a command that worked.
    #[track_caller]
    pub(crate) fn good(&self) -> &[u8] {
        assert_eq!(self.code, 0, "{self}");
        &self.stdout
    }

    /// The messages of a command that failed, and put nothing on standard output.
    #[track_caller]
    pub(crate) fn failed(&self, code: i32) -> &str {
        assert_eq!((self.code, self.stdout.len()), (code, 0), "{self}");
        assert!(self.stderr.contains("opi: ") && self.stderr.contains("\nhint: "), "{self}");
        &self.stderr
    }

    /// The one envelope on standard output, with the fields that every envelope has.
    #[track_caller]
    pub(crate) fn envelope(&self) -> Value {
        let text = std::str::from_utf8(&self.stdout).expect("an envelope is UTF-8");
        assert_eq!(text.matches('\n').count(), 1, "{self}");
        assert!(text.ends_with('\n'), "{self}");
        let envelope: Value = serde_json::from_str(text).expect("an envelope is JSON");
        assert_eq!(envelope["opi"], 1);
        assert_eq!(envelope["ok"], self.code == 0, "{self}");
        let exit = envelope["error"].get("exit").map_or(0, |exit| exit.as_i64().unwrap());
        assert_eq!(exit, i64::from(self.code), "{self}");
        envelope
    }

    /// The result in the envelope of a command that worked.
    #[track_caller]
    pub(crate) fn result(&self) -> Value {
        assert_eq!(self.code, 0, "{self}");
        self.envelope()["result"].take()
    }

    /// The error in the envelope of a command that failed with `exit`.
    #[track_caller]
    pub(crate) fn error(&self, exit: i32) -> Value {
        assert_eq!(self.code, exit, "{self}");
        let error = self.envelope()["error"].take();
        let fields: Vec<_> = error.as_object().unwrap().keys().map(String::as_str).collect();
        let expected =
            ["code", "phase", "message", "causes", "hint", "retryable", "elapsed_ms", "exit"];
        assert_eq!(fields, expected);
        assert!(!error["message"].as_str().unwrap().is_empty());
        error
    }

    /// Everything that was printed.
    pub(crate) fn printed(&self) -> String {
        format!("{}{}", String::from_utf8_lossy(&self.stdout), self.stderr)
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stdout = self.stdout.escape_ascii();
        write!(f, "exit code {}, stdout {stdout}, stderr:\n{}", self.code, self.stderr)
    }
}

/// The built command: `OPI_CLI` names it, or it is built next to this test.
pub(crate) static BINARY: LazyLock<PathBuf> = LazyLock::new(|| match std::env::var_os("OPI_CLI") {
    Some(path) => path.into(),
    None => built(),
});

fn built() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let folder = test.ancestors().nth(2).expect("tests lie in TARGET/PROFILE/deps").to_owned();
    let target = folder.parent().expect("a profile lies in a target folder");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = std::process::Command::new(cargo);
    build.args(["build", "--quiet", "--package=opi-cli", "--target-dir"]).arg(target);
    if folder.ends_with("release") {
        build.arg("--release");
    }
    let status = build.status().expect("cargo can be started");
    assert!(status.success(), "the command can be built");
    folder.join(format!("opi{EXE_SUFFIX}"))
}
