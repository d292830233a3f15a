//! What the server writes into its journal, and what it never writes.

use opi_net::Journal;
use opi_net::journal::{Level, Settings};
use opi_tcp_server::{Config, Server};
use tokio::io::AsyncWriteExt;

use crate::setting::*;

fn journal(level: Level) -> Journal {
    Journal::open(&Settings::new().level(level)).unwrap()
}

fn lines_of(journal: &Journal) -> Vec<String> {
    journal.entries(None).iter().map(|entry| entry.text().to_owned()).collect()
}

#[tokio::test]
async fn a_journal_tells_the_life_of_the_server_and_no_payload() {
    let journal = journal(Level::Debug);
    let server = start(loopback().max_connections(1).journal(journal.clone()));
    let address = server.address();
    let (mut client, id) = pair(&server).await;
    let peer = client.local_addr().unwrap();
    assert_eq!(rest(&mut dial(&server).await).await, b"");
    client.write_all(b"CANARY").await.unwrap();
    next(&server).await;
    server.send(id, b"CANARIES", &soon()).await.unwrap();
    server.queue(id, "CANARY!").unwrap();
    server.send(id, &vec![0; 64 * MIB], &short()).await.unwrap_err();
    server.close(id).unwrap();
    server.stop().await;
    let lines = lines_of(&journal);
    let expected = [
        format!("listening on {address}"),
        format!("connection {id} accepted from {peer}"),
        "connection from 127.0.0.1 refused: the server has as many connections".to_owned(),
        format!("connection {id}: received 6 bytes"),
        format!("connection {id}: sent 8 bytes"),
        format!("connection {id}: queued 7 bytes"),
        format!("connection {id}: sent "),
        format!("connection {id} ended: closed by the owner (received 6 bytes, sent "),
        "stopped".to_owned(),
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, expected) in lines.iter().zip(&expected) {
        assert!(line.starts_with(expected), "{line:?} is not {expected:?}");
    }
    assert!(lines[6].contains(" of 67108864 bytes: send: "), "{}", lines[6]);
    assert!(!lines.concat().contains("CANARY"));
}

#[tokio::test]
async fn a_journal_of_less_detail_leaves_the_bytes_out() {
    let journal = journal(Level::Info);
    let server = start(loopback().journal(journal.clone()));
    healthy(&server).await;
    server.stop().await;
    let lines = lines_of(&journal);
    assert_eq!(lines.len(), 4, "{lines:#?}");
}

#[tokio::test]
async fn what_fails_at_the_start_is_in_the_journal_too() {
    let (taken, journal) = (start(loopback()), journal(Level::Info));
    let config = Config::new(taken.address()).journal(journal.clone());
    Server::start(config).unwrap_err();
    let lines = lines_of(&journal);
    assert!(lines.len() == 1 && lines[0].contains("the port is in use"), "{lines:?}");
    taken.stop().await;
}
