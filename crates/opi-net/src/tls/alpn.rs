//! The names of application protocols (RFC 7301).

use crate::{Error, ErrorKind};

/// Finds out whether `names` can be sent.
///
/// # Errors
///
/// [`ErrorKind::Tls`]: a name is empty or has more than 255 bytes, or all together have more than
/// [`MOST`].
pub(super) fn check(names: &[Vec<u8>]) -> Result<(), Error> {
    let bad = |words: String| Err(Error::new(ErrorKind::Tls).detail(words));
    if !names.iter().all(|name| (1..=255).contains(&name.len())) {
        return bad("application protocols (ALPN): expected names of 1 to 255 bytes".into());
    }
    let all: usize = names.iter().map(Vec::len).sum();
    if all > MOST {
        return bad(format!("application protocols (ALPN): expected at most {MOST} bytes in all"));
    }
    Ok(())
}

/// The most bytes of all names together: 8 KiB, which leaves a greeting of a size that servers
/// take.
const MOST: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_bounds() {
        let fits = |names: &[Vec<u8>]| check(names).is_ok();
        assert!(fits(&[]));
        assert!(fits(&[b"h2".to_vec(), vec![b'a'; 255]]));
        assert!(fits(&vec![vec![b'a'; 64]; 128]));
        assert!(!fits(&[b"h2".to_vec(), Vec::new()]));
        assert!(!fits(&[vec![b'a'; 256]]));
        assert!(!fits(&vec![vec![b'a'; 64]; 129]));
    }
}
