//! The log of a connection: what happened, and never what was said.

use std::num::NonZeroU32;
use std::time::Duration;

use harness::{Peer, RefusingPort, Script};
use opi_net::Journal;
use opi_net::journal::{Level, Settings};
use opi_tcp_client::{
    AfterSend, Backoff, Config, Connection, Encoding, Persistent, Text, Tries, Until,
};

use crate::setting::{line, short, soon};

fn journal() -> Journal {
    Journal::open(&Settings::new().level(Level::Debug)).unwrap()
}

/// The texts of the entries.
fn lines(journal: &Journal) -> Vec<String> {
    journal.entries(None).iter().map(|entry| entry.text().to_owned()).collect()
}

#[tokio::test]
async fn what_happens_is_logged_and_no_payload() {
    let script = Script::new().expect("secret\n").send("hidden\nЯ\nrest").read_to_close();
    let peer = Peer::start(script.close()).await;
    let journal = journal();
    let config = Config::new(peer.address().into()).journal(journal.clone());
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    connection.exchange(b"secret\n", AfterSend::KeepOpen, line(), &soon()).await.unwrap();
    let text = Text::new(Encoding::UTF_8);
    connection.receive_text(line(), &text, &soon()).await.unwrap();
    connection.receive(Until::size(9), &short()).await.unwrap();
    connection.request(b"", line(), &short()).await.unwrap_err();
    connection.close_drained(9, &soon()).await.unwrap();
    peer.finish().await;
    let lines = lines(&journal);
    let at = config_address(&lines);
    assert_eq!(lines[0], format!("connecting to {at}"));
    let rest: Vec<_> = lines[2..].iter().map(String::as_str).collect();
    assert_eq!(
        rest[..4],
        [
            "sent 7 bytes",
            "received 7 bytes: marker",
            "received 3 bytes: marker",
            "received 4 bytes: timeout"
        ]
    );
    assert!(lines.iter().any(|line| line.starts_with("failed to receive: timeout: ")), "{lines:?}");
    assert_eq!(rest[rest.len() - 3..], ["ended sending", "dropped 0 bytes: closed", "closed"]);
    for payload in ["secret", "hidden", "Я", "rest"] {
        assert!(lines.iter().all(|line| !line.contains(payload)), "{lines:?}");
    }
}

fn config_address(lines: &[String]) -> &str {
    lines[1].strip_prefix("connected to ").unwrap()
}

#[tokio::test]
async fn a_failed_connect_is_logged_with_its_code() {
    let refusing = RefusingPort::new();
    let journal = journal();
    let config = Config::new(refusing.address().into()).journal(journal.clone());
    Connection::open(&config, &soon()).await.unwrap_err();
    let entries = journal.entries(None);
    assert_eq!(entries[1].level(), Level::Error);
    assert!(entries[1].text().starts_with("failed to connect: connect_refused: "), "{entries:?}");
}

#[tokio::test]
async fn the_halves_log_too() {
    let peer = Peer::start(Script::new().expect("x").send("y").expect_close()).await;
    let journal = journal();
    let config = Config::new(peer.address().into()).journal(journal.clone());
    let connection = Connection::open(&config, &soon()).await.unwrap();
    let (mut reader, mut writer) = connection.into_split();
    writer.send(b"x", &soon()).await.unwrap();
    reader.receive(Until::size(1), &soon()).await.unwrap();
    writer.finish(&soon()).await.unwrap();
    assert_eq!(lines(&journal)[2..], ["sent 1 bytes", "received 1 bytes: size", "ended sending"]);
    drop(reader);
    assert_eq!(lines(&journal).last().unwrap(), "ended sending");
    drop(writer);
    assert_eq!(lines(&journal).last().unwrap(), DROPPED);
    peer.finish().await;
}

/// What the end of a connection that nobody closed is called.
const DROPPED: &str = "dropped, with no farewell";

#[tokio::test]
async fn a_connection_that_is_dropped_logs_its_end_once_and_a_stream_handed_over_none() {
    let peer = Peer::start(vec![Script::new().expect_gone(), Script::new().expect_gone()]).await;
    let journal = journal();
    let config = Config::new(peer.address().into()).journal(journal.clone());
    drop(Connection::open(&config, &soon()).await.unwrap());
    assert_eq!(lines(&journal)[2..], [DROPPED]);
    drop(Connection::open(&config, &soon()).await.unwrap().into_stream());
    assert_eq!(lines(&journal)[5..], ["handed over to another protocol"]);
    drop(config);
    assert_eq!(lines(&journal).len(), 6);
    peer.finish().await;
}

#[tokio::test]
async fn a_persistent_connection_logs_its_states() {
    let refusing = RefusingPort::new();
    let journal = journal();
    let config = Config::new(refusing.address().into()).journal(journal.clone());
    let two = Tries::AtMost(NonZeroU32::new(2).unwrap());
    let mut device = Persistent::new(config).backoff(Backoff::new().first(QUICK).tries(two));
    device.send(b"x", &soon()).await.unwrap_err();
    let states: Vec<_> = lines(&journal)
        .iter()
        .filter_map(|line| line.strip_prefix("state: ").map(str::to_owned))
        .collect();
    assert_eq!(
        states,
        [
            "connecting, try 1",
            "waiting for try 2 after connect_refused",
            "connecting, try 2",
            "given up after connect_refused"
        ]
    );
}

const QUICK: Duration = Duration::from_millis(1);
