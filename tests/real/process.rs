//! Programs that a test starts itself: their lines are events, and they end with the test.

use std::path::Path;
use std::process::{Output, Stdio};

use harness::watch;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A program that runs; it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts `program` in `folder`.
    pub(crate) fn start(program: &str, arguments: &[&str], folder: &Path) -> Self {
        let mut child = command(program, arguments, folder).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { _child: child, lines }
    }

    /// Waits for the line of its output that has `mark`, and returns what follows the mark.
    pub(crate) async fn told(&mut self, mark: &str) -> String {
        let mut before = String::new();
        let told = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                if let Some((_, rest)) = line.split_once(mark) {
                    return Some(rest.to_owned());
                }
                before += &line;
            }
            None
        };
        let found = watch(mark, told).await;
        assert!(found.is_some(), "the program ended without {mark:?}: {before}");
        found.unwrap()
    }
}

/// Starts `program` with `input` on its standard input; the future waits until it ends.
pub(crate) fn run(
    program: &str,
    arguments: &[&str],
    input: &[u8],
) -> impl Future<Output = Output> + use<> {
    let (name, input) = (program.to_owned(), input.to_owned());
    let mut child = command(program, arguments, Path::new(".")).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writing = async move {
        // A program that reads nothing may be gone before everything is written.
        let _gone = stdin.write_all(&input).await.is_err();
        drop(stdin);
    };
    let ending = async move { tokio::join!(writing, child.wait_with_output()).1 };
    async move { watch(&name, ending).await.unwrap() }
}

fn command(program: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
