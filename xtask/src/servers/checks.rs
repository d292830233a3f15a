//! Proves the servers with curl, a client that is not ours.

use std::{process::Command, time::Instant};

use anyhow::{Context as _, Result, bail};

use super::{
    plan::{Check, Plan},
    state::State,
};

/// Runs every check whose servers are there; prints a table.
pub(super) fn all(plan: &Plan, state: &State) -> Result<()> {
    let mut failed = 0;
    for check in &plan.checks {
        if let Some(missing) = check.needs.iter().find(|name| state.skipped.contains_key(*name)) {
            println!("{:<8}{:>6}  {}: no {missing}", "skipped", "", check.name);
            continue;
        }
        let begun = Instant::now();
        let complaint = ask(check, state)?.complaint(check);
        let took = begun.elapsed().as_millis();
        match complaint {
            None => println!("{:<8}{took:>6}  {}", "ok", check.name),
            Some(why) => {
                failed += 1;
                println!("{:<8}{took:>6}  {}: {why}", "FAILED", check.name);
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {} checks failed", plan.checks.len());
    }
    Ok(())
}

/// How curl ended.
struct Answer {
    body: String,
    connect: u16,
    exit: i32,
    status: u16,
}

impl Answer {
    /// Reads curl's output: what it received, then a line with the two codes.
    fn parse(exit: i32, output: &str) -> Option<Self> {
        let (body, codes) = output.trim_end().rsplit_once('\n')?;
        let (status, connect) = codes.split_once(' ')?;
        Some(Self {
            body: body.to_owned(),
            connect: connect.parse().ok()?,
            exit,
            status: status.parse().ok()?,
        })
    }

    fn complaint(&self, check: &Check) -> Option<String> {
        let Self { body, connect, exit, status } = self;
        let wanted = check.connect.unwrap_or(*connect);
        if (*exit, *status, *connect) != (check.exit, check.status, wanted) {
            return Some(format!(
                "exit {exit}, status {status}, connect {connect} instead of {}, {}, {wanted}",
                check.exit, check.status
            ));
        }
        (!body.contains(&check.body)).then(|| format!("no {:?} in {body:?}", check.body))
    }
}

fn ask(check: &Check, state: &State) -> Result<Answer> {
    let mut curl = Command::new("curl");
    // No settings of the user, and no proxy but the one of the check.
    for name in [
        "ALL_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "all_proxy",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    ] {
        curl.env_remove(name);
    }
    curl.args([
        "--disable",
        "--silent",
        "--max-time",
        "10",
        "--write-out",
        "\n%{http_code} %{http_connect}\n",
    ]);
    curl.args(check.curl.iter().map(|word| fill(word, state)));
    let output = curl.output().context("starting curl")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let exit = output.status.code().unwrap_or(-1);
    Answer::parse(exit, &text).with_context(|| format!("{}: curl printed {text:?}", check.name))
}

fn fill(word: &str, state: &State) -> String {
    let directory = state.directory.display().to_string();
    let filled = word.replace("@dir@", &directory);
    state.endpoints.iter().fold(filled, |text, (name, endpoint)| {
        text.replace(&format!("@port:{name}@"), &endpoint.port.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(connect: Option<u16>, body: &str) -> Check {
        Check {
            name: "c".to_owned(),
            body: body.to_owned(),
            connect,
            curl: Vec::new(),
            exit: 0,
            needs: Vec::new(),
            status: 200,
        }
    }

    #[test]
    fn codes_follow_whatever_was_received() {
        let answer = Answer::parse(0, "two\nlines\n\n200 000\n").unwrap();
        assert_eq!((answer.body.as_str(), answer.status, answer.connect), ("two\nlines\n", 200, 0));
        assert!(Answer::parse(0, "nothing").is_none());
    }

    #[test]
    fn every_difference_fails_a_check() {
        let answer = |exit, text| Answer::parse(exit, text).unwrap();
        assert_eq!(answer(0, "yes\n200 000").complaint(&check(None, "yes")), None);
        assert!(answer(7, "\n000 000").complaint(&check(None, "")).is_some());
        assert!(answer(0, "\n404 000").complaint(&check(None, "")).is_some());
        assert!(answer(0, "\n200 000").complaint(&check(Some(200), "")).is_some());
        assert!(answer(0, "no\n200 000").complaint(&check(None, "yes")).is_some());
    }
}
