//! Interim answers (1xx, RFC 9110 section 15.2), found and counted in the bytes of a connection.

/// Looks at the heads of answers as they come in, in any pieces.
#[derive(Debug, Default)]
pub(super) struct Heads {
    state: State,
    interim: u8,
}

/// Where in a head the next byte stands.
#[derive(Clone, Copy, Debug)]
enum State {
    /// In the status line, behind so many bytes, with the second digit of the status if it is
    /// there.
    Line { at: u8, second: u8 },
    /// In an interim head; whether its current line is empty so far.
    Interim { empty: bool },
}

impl Default for State {
    fn default() -> Self {
        Self::Line { at: 0, second: 0 }
    }
}

/// What bytes brought.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Seen {
    /// The server has said that it waits for the body.
    pub(super) go_on: bool,
    /// The final answer has begun.
    pub(super) is_final: bool,
    /// More interim answers came than are borne.
    pub(super) too_many: bool,
}

impl Heads {
    /// Takes the next bytes. What follows the status line of a final answer is not looked at.
    pub(super) fn feed(&mut self, data: &[u8]) -> Seen {
        let mut seen = Seen::default();
        for &byte in data {
            self.state = match self.state {
                State::Line { at: 0, .. } if matches!(byte, b'\r' | b'\n') => continue,
                State::Line { at: FIRST, .. } if byte != b'1' => return self.is_final(seen),
                // 101 is no interim answer: another protocol follows it.
                State::Line { at: THIRD, second: b'0' } if byte == b'1' => {
                    return self.is_final(seen);
                }
                State::Line { at: THIRD, second } => {
                    seen.go_on |= (second, byte) == (b'0', b'0');
                    self.interim = self.interim.saturating_add(1);
                    seen.too_many |= self.interim > MOST;
                    State::Interim { empty: false }
                }
                State::Line { at, .. } => State::Line { at: at + 1, second: byte },
                State::Interim { empty: true } if byte == b'\n' => State::default(),
                State::Interim { empty } => {
                    State::Interim { empty: byte == b'\n' || (empty && byte == b'\r') }
                }
            };
        }
        seen
    }

    fn is_final(&mut self, seen: Seen) -> Seen {
        *self = Self::default();
        Seen { is_final: true, ..seen }
    }
}

/// The most interim answers to one request.
const MOST: u8 = 100;

/// Where the first and the third digit of the status stand in `HTTP/1.1 200`.
const FIRST: u8 = 9;
const THIRD: u8 = 11;

#[cfg(test)]
mod tests {
    use super::*;

    const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
    const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /// Feeds `data` in pieces of `piece` bytes; what all of them brought.
    fn feed(data: &str, piece: usize) -> Seen {
        let mut heads = Heads::default();
        let mut all = Seen::default();
        for piece in data.as_bytes().chunks(piece) {
            let seen = heads.feed(piece);
            all.go_on |= seen.go_on;
            all.is_final |= seen.is_final;
            all.too_many |= seen.too_many;
            if all.is_final {
                break;
            }
        }
        all
    }

    #[track_caller]
    fn check(data: &[&str], go_on: bool, is_final: bool, too_many: bool) {
        for piece in [1, 2, 3, 7, 1 << 20] {
            let seen = feed(&data.concat(), piece);
            assert_eq!(seen, Seen { go_on, is_final, too_many }, "{data:?} by {piece}");
        }
    }

    #[test]
    fn final_and_interim_answers_are_told_apart() {
        check(&[], false, false, false);
        check(&["HTTP/1.1 "], false, false, false);
        check(&[OK], false, true, false);
        check(&["\r\n\n", OK], false, true, false);
        check(&["HTTP/1.0 404 No\r\n\r\n"], false, true, false);
        check(&[CONTINUE], true, false, false);
        check(&[CONTINUE, OK], true, true, false);
        check(&[HINTS], false, false, false);
        check(&[HINTS, CONTINUE], true, false, false);
        check(&[HINTS, HINTS, OK], false, true, false);
        check(&["HTTP/1.1 100\n\n", OK], true, true, false);
        check(&["HTTP/1.1 101 Switching\r\n\r\nraw"], false, true, false);
        check(&["HTTP/1.1 110 Odd\r\n\r\n"], false, false, false);
        check(&["HTTP/1.1 111 Odd\r\n\r\n", OK], false, true, false);
        check(&["nonsense that is no answer"], false, true, false);
    }

    #[test]
    fn the_limit_is_exact() {
        let many = |count: usize| CONTINUE.repeat(count);
        check(&[&many(100), OK], true, true, false);
        check(&[&many(101), OK], true, true, true);
    }

    #[test]
    fn each_request_counts_anew() {
        let mut heads = Heads::default();
        for _ in 0..3 {
            assert!(!heads.feed(HINTS.repeat(100).as_bytes()).too_many);
            assert!(heads.feed(OK.as_bytes()).is_final);
        }
    }
}
