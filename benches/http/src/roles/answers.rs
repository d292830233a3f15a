//! What the server answers, by the path that is asked for.

use std::fmt::Write as _;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// What is made once.
pub(super) struct Answers {
    piece: Vec<u8>,
    json: Vec<u8>,
    gzip: Vec<u8>,
}

/// What becomes of the connection.
pub(super) enum Then {
    Close,
    Go,
}

impl Answers {
    pub(super) fn new() -> Self {
        Self { piece: vec![b'x'; 256 * 1024], json: json(10 << 20), gzip: gzip(10 << 20) }
    }

    /// `/small`, `/close`, `/json`, `/gzip`, `/bytes/N`, `/chunked/N`, `/cookies/N`, `/upload`.
    pub(super) fn answer(
        &self,
        head: &str,
        received: usize,
        socket: &mut impl Write,
    ) -> io::Result<Then> {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let path = path.find("//").map_or(path, |at| {
            path[at + 2..].find('/').map_or("/", |slash| &path[at + 2 + slash..])
        });
        let words: Vec<&str> = path.split('/').skip(1).collect();
        match words[..] {
            ["close"] => {
                whole(socket, "Connection: close\r\n", SMALL)?;
                return Ok(Then::Close);
            }
            ["json"] => whole(socket, "", &self.json)?,
            ["gzip"] => whole(socket, "Content-Encoding: gzip\r\n", &self.gzip)?,
            ["bytes", size] => self.bytes(socket, size.parse().unwrap())?,
            ["chunked", size] => self.chunked(socket, size.parse().unwrap())?,
            ["cookies", first] => whole(socket, &cookies(first.parse().unwrap()), SMALL)?,
            ["upload"] => whole(socket, "", format!("{{\"received\":{received}}}").as_bytes())?,
            _ => whole(socket, "", SMALL)?,
        }
        Ok(Then::Go)
    }

    fn bytes(&self, socket: &mut impl Write, size: usize) -> io::Result<()> {
        write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n")?;
        let mut left = size;
        while left > 0 {
            let count = left.min(self.piece.len());
            socket.write_all(&self.piece[..count])?;
            left -= count;
        }
        Ok(())
    }

    /// Chunks of 64 KiB.
    fn chunked(&self, socket: &mut impl Write, size: usize) -> io::Result<()> {
        write!(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        let mut chunk = b"10000\r\n".to_vec();
        chunk.extend_from_slice(&self.piece[..65_536]);
        chunk.extend_from_slice(b"\r\n");
        for _ in 0..size / 65_536 {
            socket.write_all(&chunk)?;
        }
        socket.write_all(b"0\r\n\r\n")
    }
}

fn whole(socket: &mut impl Write, headers: &str, body: &[u8]) -> io::Result<()> {
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    if body.len() > 65_536 {
        socket.write_all(&answer)?;
        return socket.write_all(body);
    }
    answer.extend_from_slice(body);
    socket.write_all(&answer)
}

/// 20 cookies from `first` on; those below 20 match every path, the others their own.
fn cookies(first: usize) -> String {
    (first..first + 20).fold(String::new(), |mut text, number| {
        let path = if number < 20 { "/".to_owned() } else { format!("/p{number}") };
        write!(text, "Set-Cookie: c{number}=value-{number}; Path={path}\r\n").unwrap();
        text
    })
}

/// Some `size` bytes of JSON, in gzip.
pub(crate) fn gzip(size: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&json(size)).unwrap();
    encoder.finish().unwrap()
}

/// A list of some `size` bytes.
fn json(size: usize) -> Vec<u8> {
    let mut text = String::from("[");
    for number in 0.. {
        if text.len() >= size {
            break;
        }
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            "{comma}{{\"id\":{number},\"name\":\"item {number}\",\"price\":{}.5,\"tags\":[\"a\",\"b\"],\
             \"active\":{},\"note\":null}}",
            number * 7 % 1000,
            number % 2 == 0
        )
        .unwrap();
    }
    text.push(']');
    text.into_bytes()
}

/// 200 bytes.
const SMALL: &[u8] = br#"{"id":1234567,"name":"an item of an ordinary list","price":1234.56,"quantity":17,"tags":["one","two","three"],"active":true,"note":null,"owner":{"id":42,"name":"somebody who owns it all now"},"v":0001}"#;
