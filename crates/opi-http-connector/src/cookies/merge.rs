//! A `Cookie` header that the caller set by hand, together with those of the jar.

use http::HeaderValue;

/// What is sent: the caller's cookies first and as they are, then those of the jar whose names the
/// caller did not use.
pub(super) fn merged(
    by_hand: Option<&HeaderValue>,
    jar: Option<HeaderValue>,
) -> Option<HeaderValue> {
    let (Some(by_hand), Some(kept)) = (by_hand, &jar) else {
        return by_hand.cloned().or(jar);
    };
    let mine: Vec<_> = pairs(by_hand.as_bytes()).map(name).collect();
    let mut line = by_hand.as_bytes().to_vec();
    for pair in pairs(kept.as_bytes()).filter(|pair| !mine.contains(&name(pair))) {
        line.extend_from_slice(b"; ");
        line.extend_from_slice(pair);
    }
    // Parts of two header values with a blank between them are a header value.
    let mut value = HeaderValue::from_bytes(&line).unwrap_or_else(|_| by_hand.clone());
    value.set_sensitive(true);
    Some(value)
}

fn pairs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty())
}

fn name(pair: &[u8]) -> &[u8] {
    match pair.iter().position(|byte| *byte == b'=') {
        Some(at) => pair.get(..at).unwrap_or_default(),
        None => b"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn merges(by_hand: &'static str, jar: &'static str, expected: &str) {
        let value = |text: &'static str| (!text.is_empty()).then(|| HeaderValue::from_static(text));
        let sent = merged(value(by_hand).as_ref(), value(jar));
        assert_eq!(sent.unwrap(), expected);
    }

    #[test]
    fn the_callers_cookies_win_by_name_and_come_first() {
        merges("", "a=1; b=2", "a=1; b=2");
        merges("a=1", "", "a=1");
        merges("a=hand", "a=jar; b=jar", "a=hand; b=jar");
        merges("b=hand; c=", "a=jar; c=jar; bb=jar", "b=hand; c=; a=jar; bb=jar");
        merges("A=hand", "a=jar", "A=hand; a=jar");
        merges("nameless", "=jar; b=2", "nameless; b=2");
        assert_eq!(merged(None, None), None);
    }

    #[test]
    fn what_is_merged_is_a_secret() {
        let value = HeaderValue::from_static("a=1");
        assert!(merged(Some(&value), Some(value.clone())).unwrap().is_sensitive());
    }
}
