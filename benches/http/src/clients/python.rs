//! Python's requests, in a process that tells what it used.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use opi_benches::Sample;

use super::Transfer;
use crate::site::Setup;

/// Makes so many requests in turn; none where requests is not installed.
pub(crate) fn gets(setup: &Setup) -> Option<Box<dyn FnMut(usize) -> Sample>> {
    let mut talk = start(setup, GETS)?;
    Some(Box::new(move |count| Sample::cpu(talk(count), count)))
}

/// Makes so many values of JSON in turn; none where requests is not installed.
pub(crate) fn json(setup: &Setup) -> Option<Box<dyn FnMut(usize) -> Sample>> {
    let mut talk = start(setup, VALUES)?;
    Some(Box::new(move |count| Sample::cpu(talk(count), count)))
}

pub(super) fn download(setup: &Setup) -> Transfer {
    let Some(mut talk) = start(setup, DOWNLOADS) else {
        return Box::new(|| Some(Sample::default()));
    };
    Box::new(move || Some(Sample::cpu(talk(1), 1)))
}

/// Asks for so many operations, hears the nanoseconds.
fn start(setup: &Setup, body: &str) -> Option<impl FnMut(usize) -> Duration + use<>> {
    let has = Command::new("python3").args(["-c", "import requests"]).status();
    if !has.is_ok_and(|it| it.success()) {
        println!("Python's requests is not installed: not run");
        return None;
    }
    let mut process = Command::new("python3")
        .args(["-c", &format!("{PROLOGUE}{body}")])
        .arg(&setup.url)
        .arg(setup.trust.as_ref().map_or(String::new(), |it| it.display().to_string()))
        .arg(setup.socks.map_or(String::new(), |it| format!("socks5h://{it}")))
        .arg(setup.cookies.as_deref().unwrap_or_default())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    Some(move |count| {
        writeln!(input, "{count}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        Duration::from_nanos(line.trim().parse().unwrap())
    })
}

const PROLOGUE: &str = r"
import sys, time, requests
url, trust, socks, cookies = sys.argv[1:5]
session = requests.Session()
session.trust_env = False
if trust: session.verify = trust
if socks: session.proxies = {'http': socks, 'https': socks}
if cookies:
    for part in range(25): session.get(cookies + '/' + str(part * 20))
def many(one):
    for line in sys.stdin:
        before = time.process_time_ns()
        for _ in range(int(line)): one()
        print(time.process_time_ns() - before, flush=True)
";
const GETS: &str = "
many(lambda: session.get(url).content)
";
const VALUES: &str = "
many(lambda: session.get(url).json())
";
const DOWNLOADS: &str = "
def one():
    with session.get(url, stream=True) as answer:
        for piece in answer.iter_content(262144): pass
many(one)
";
