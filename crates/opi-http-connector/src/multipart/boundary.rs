//! What stands between the parts: nobody can guess it, so no part can hold it.

use crate::{Error, ErrorKind};

/// A boundary of 192 random bits of the operating system.
pub(super) fn boundary() -> Result<String, Error> {
    let mut random = [0; 24];
    getrandom::getrandom(&mut random).map_err(|cause| {
        Error::new(ErrorKind::BodyRead).detail("the system gives no random numbers").because(cause)
    })?;
    let mut text = String::from("opi-");
    for byte in random {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or_default());
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_boundary_comes_twice_and_each_needs_no_quotes() {
        let all: HashSet<String> = (0..100_000).map(|_| boundary().unwrap()).collect();
        assert_eq!(all.len(), 100_000);
        let is_plain = |it: &String| {
            it.len() == 52 && it.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        assert!(all.iter().all(is_plain));
    }
}
