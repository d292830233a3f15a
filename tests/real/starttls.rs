//! TLS in mid-stream, with a mail server that takes no mail before.

use opi_net::tls::{Tls, Trust};
use opi_tcp_client::{Config, Connection, Until};

use crate::proxies::trusting;
use crate::servers::{port, soon, target, tls};

/// Sends a line and returns the last line of the answer.
async fn said(connection: &mut Connection, line: &str) -> String {
    connection.send(format!("{line}\r\n").as_bytes(), &soon()).await.unwrap();
    answer(connection).await
}

async fn answer(connection: &mut Connection) -> String {
    loop {
        let marker = Until::marker("\r\n").unwrap();
        let line = connection.receive(marker, &soon()).await.unwrap();
        let line = String::from_utf8(line.data.to_vec()).unwrap();
        // Lines of an answer that goes on have a dash behind their number.
        if line.as_bytes()[3] == b' ' {
            return line;
        }
    }
}

/// A connection on which the server has agreed to begin TLS.
async fn agreed(config: &Config) -> Connection {
    let mut connection = Connection::open(config, &soon()).await.unwrap();
    assert!(answer(&mut connection).await.starts_with("220"));
    assert!(said(&mut connection, "EHLO opi.test").await.starts_with("250"));
    let refused = said(&mut connection, "MAIL FROM:<a@opi.test>").await;
    assert!(refused.starts_with("530"), "{refused}");
    assert!(said(&mut connection, "STARTTLS").await.starts_with("220"));
    connection
}

async fn mail(connection: &mut Connection) {
    for (line, code) in [
        ("EHLO opi.test", "250"),
        ("MAIL FROM:<a@opi.test>", "250"),
        ("RCPT TO:<b@opi.test>", "250"),
        ("DATA", "354"),
        ("Subject: hello\r\n\r\nhello\r\n.", "250 25 bytes dropped"),
        ("QUIT", "221"),
    ] {
        let answer = said(connection, line).await;
        assert!(answer.starts_with(code), "{line}: {answer}");
    }
}

#[tokio::test]
async fn mail_goes_out_once_the_stream_is_encrypted() {
    let smtp = target("localhost", "smtp");
    for route in [
        "direct".to_owned(),
        format!("socks5://user:pass@localhost:{}", port("microsocks-password")),
        format!("https://user:pass@localhost:{}", port("squid-basic-tls")),
    ] {
        let config = Config::new(smtp.clone()).route(trusting(&route));
        let plain = agreed(&config).await;
        assert!(plain.tls().is_none(), "{route}: TLS to a proxy is not TLS to the server");
        let mut encrypted = plain.upgrade(&tls(), &smtp, &soon()).await.unwrap();
        assert_eq!(encrypted.tls().unwrap().version, "TLSv1_3", "{route}");
        mail(&mut encrypted).await;
    }
}

#[tokio::test]
async fn a_certificate_is_checked_in_mid_stream_too() {
    let smtp = target("localhost", "smtp");
    let other = target("other.test", "smtp");
    for (trust, name, code) in [
        (tls(), &other, "tls_certificate_name"),
        (Tls::new(Trust::System), &smtp, "tls_certificate_untrusted"),
    ] {
        let plain = agreed(&Config::new(smtp.clone())).await;
        let error = plain.upgrade(&trust, name, &soon()).await.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
}
