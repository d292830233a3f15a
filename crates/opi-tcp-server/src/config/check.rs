//! Whether a server can work with its settings. Pure.

use std::time::Duration;

use super::Config;
use crate::Error;
use crate::meter::Meter;

impl Config {
    /// Refuses settings with which no connection lives, or no message of the codec can come.
    pub(crate) fn check(&self) -> Result<(), Error> {
        positive("handshake_timeout", Some(self.times.handshake))?;
        positive("idle_timeout", self.times.idle)?;
        positive("message_timeout", Some(self.times.message))?;
        let longest = self.codec.as_ref().map_or(0, |codec| Meter::charge(codec.max()));
        let got = self.limits.max_unread_total;
        if got >= longest {
            return Ok(());
        }
        let expected = format_args!("{longest} or more, which the codec's longest message needs");
        Err(Error::config("max_unread_total", expected, got))
    }
}

fn positive(name: &str, time: Option<Duration>) -> Result<(), Error> {
    if time != Some(Duration::ZERO) {
        return Ok(());
    }
    Err(Error::config(name, "a time of more than 0", 0))
}

#[cfg(test)]
mod tests {
    use opi_framing::Codec;

    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_time_of_nothing_is_refused_by_its_name() {
        type Set = fn(Config, Duration) -> Config;
        let settings: [(&str, Set); 3] = [
            ("handshake_timeout", Config::handshake_timeout),
            ("idle_timeout", Config::idle_timeout),
            ("message_timeout", Config::message_timeout),
        ];
        for (name, set) in settings {
            assert!(set(Config::loopback(0), Duration::from_nanos(1)).check().is_ok(), "{name}");
            let error = set(Config::loopback(0), Duration::ZERO).check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadConfig);
            assert_eq!(error.to_string(), format!("{name}: expected a time of more than 0, got 0"));
        }
    }

    #[test]
    fn all_connections_together_have_room_for_one_message() {
        let config = |max, total| {
            let codec = Codec::preset("lines").unwrap().at_most(max).unwrap();
            Config::loopback(0).codec(codec).max_unread_total(total)
        };
        for (max, total) in [(4096, 0), (4097, 1), (10_000, 5904), (usize::MAX, usize::MAX)] {
            assert!(config(max, total).check().is_ok(), "{max} {total}");
        }
        assert!(Config::loopback(0).max_unread_total(0).check().is_ok());
        for (max, total) in [(4097, 0), (10_000, 5903), (usize::MAX, 0)] {
            let error = config(max, total).check().unwrap_err();
            assert_eq!(error.code(), "server_bad_config", "{max} {total}");
        }
        let told = "max_unread_total: expected 5904 or more, which the codec's longest message \
                    needs, got 5903";
        assert_eq!(config(10_000, 5903).check().unwrap_err().to_string(), told);
    }
}
