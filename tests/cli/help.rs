//! Help, version, languages.

use crate::command::{Opi, opi};

#[tokio::test]
async fn help_goes_to_standard_output_and_has_the_exit_codes() {
    for command in [
        "",
        "completions",
        "curl",
        "download",
        "get",
        "http",
        "man",
        "post",
        "sign aws4",
        "upload",
        "tcp",
        "tcp forward",
        "tcp listen",
        "tcp request",
        "tcp send",
        "tcp serve",
    ] {
        let line: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let outcome = opi(&line).await;
        let help = String::from_utf8(outcome.good().to_vec()).unwrap();
        for part in ["Usage: opi", "Exit codes:\n", "   14  ", "  130  interrupted"] {
            assert!(help.contains(part), "{command}: {help}");
        }
        let leaf = !matches!(command, "" | "tcp");
        assert_eq!(help.contains("Examples:\n  "), leaf, "{command}");
        assert_eq!(outcome.stderr, "");
    }
}

#[tokio::test]
async fn the_version_is_that_of_the_package() {
    let expected = format!("opi {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(opi(&["--version"]).await.good(), expected.as_bytes());
}

#[tokio::test]
async fn hints_are_in_the_language_of_the_environment() {
    let wrong = || Opi::new(&["tcp", "request", "nowhere"]);
    let russian = wrong().env("LC_ALL", "ru_RU.UTF-8").run().await;
    assert!(russian.failed(2).contains("hint: Укажите адрес в виде узел:порт"), "{russian}");
    let english = wrong().env("LC_ALL", "en_US.UTF-8").env("LANG", "ru_RU.UTF-8").run().await;
    assert!(english.failed(2).contains("hint: Write the address as host:port"), "{english}");
    let json = Opi::new(&["tcp", "request", "nowhere", "--json"]).env("LC_ALL", "ru").run().await;
    assert!(json.error(2)["hint"].as_str().unwrap().starts_with("Укажите адрес"));
}

#[tokio::test]
async fn shells_and_the_manual_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = opi(&["completions", shell]).await;
        let script = String::from_utf8(script.good().to_vec()).unwrap();
        for word in ["download", "forward", "--bearer"] {
            assert!(script.contains(word.trim_start_matches('-')), "{shell}: {word}");
        }
    }
    let page = opi(&["man", "tcp", "forward"]).await;
    let page = String::from_utf8(page.good().to_vec()).unwrap();
    assert!(page.contains(".TH ") && page.contains("idle\\-timeout"), "{page}");
    opi(&["man"]).await.good();
    assert!(opi(&["man", "nothing"]).await.failed(2).contains("no command of this name"));
    opi(&["completions", "nothing"]).await.failed(2);
}
