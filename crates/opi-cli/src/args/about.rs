//! What is told about the command itself: completions for shells, pages of the manual.

use clap::{Args, Command};
use clap_complete::Shell;

/// `opi completions`.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: Shell,
}

/// `opi man`.
#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// The command whose page is wanted, for example `tcp forward`; without one, that of opi.
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  opi completions bash > /etc/bash_completion.d/opi
  opi completions zsh > ~/.zfunc/_opi";

pub(super) const MAN_EXAMPLES: &str = "\
Examples:
  opi man tcp forward | man -l -
  opi man > /usr/local/share/man/man1/opi.1";

/// What completes command lines in a shell.
pub(super) fn completions(shell: Shell, mut command: Command) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "opi", &mut script);
    script
}

/// The page of a command; none when there is no such command.
pub(super) fn page(words: &[String], mut command: Command) -> Option<Vec<u8>> {
    command.build();
    let mut found = &command;
    for word in words {
        found = found.get_subcommands().find(|it| it.get_name() == word)?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(found.clone()).render(&mut page).ok()?;
    Some(page)
}
