//! Programs that a test runs to their end; they are killed with the test.

use std::process::{Output, Stdio};

use harness::watch;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Starts `program` with `input` on its standard input; the future waits until it ends.
pub(crate) fn run(
    program: &str,
    arguments: &[&str],
    input: &[u8],
) -> impl Future<Output = Output> + use<> {
    let (name, input) = (program.to_owned(), input.to_owned());
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writing = async move {
        // A program that reads nothing may be gone before everything is written.
        let _gone = stdin.write_all(&input).await.is_err();
        drop(stdin);
    };
    let ending = async move { tokio::join!(writing, child.wait_with_output()).1 };
    async move { watch(&name, ending).await.unwrap() }
}
