//! What a server or a proxy asks for in `WWW-Authenticate` and `Proxy-Authenticate` (RFC 9110
//! section 11.6.1), read from bytes.

use crate::grammar::{Cursor, is_space};

/// One way to log in that a server or a proxy offers: a scheme with its parameters.
///
/// ```
/// use opi_auth::Challenge;
///
/// let offered = Challenge::read(["Negotiate, Basic realm=\"files\"".as_bytes()]);
/// let schemes: Vec<_> = offered.iter().map(Challenge::scheme).collect();
/// assert_eq!(schemes, ["Negotiate", "Basic"]);
/// assert_eq!(offered[1].parameter("realm"), Some(&b"files"[..]));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Challenge {
    scheme: String,
    token: Option<String>,
    parameters: Vec<(String, Vec<u8>)>,
}

impl Challenge {
    /// The most bytes that are read of all values together: 16 KiB. A line that does not
    /// fit any more, and those behind it, are not read.
    pub const LONGEST: usize = 16 * 1024;

    /// The most challenges that are read: 32.
    pub const MOST: usize = 32;

    /// The most parameters of one challenge: 32; a challenge with more is left out.
    pub const MOST_PARAMETERS: usize = 32;

    /// Reads the values of all header lines of one name, each with any number of challenges.
    ///
    /// Broken challenges, those with a parameter twice and those behind a limit are left out.
    #[must_use]
    pub fn read<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Vec<Self> {
        let mut challenges = Vec::new();
        let mut room = Self::LONGEST;
        for value in values {
            let Some(rest) = room.checked_sub(value.len()) else { break };
            room = rest;
            read_value(Cursor::new(value), &mut challenges);
        }
        challenges
    }

    /// The scheme as it was written; its case means nothing.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Whether the scheme is `scheme`, in any case.
    #[must_use]
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The data that stands in the place of parameters, as NTLM and Negotiate have it.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The value of a parameter, without quotes and backslashes; the case of `name` means nothing.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        let mut found = self.parameters.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_slice())
    }

    fn is_whole(&self) -> bool {
        let names = self.parameters.iter().map(|(name, _)| name);
        let twice = names.clone().enumerate().any(|(index, name)| {
            names.clone().take(index).any(|earlier| earlier.eq_ignore_ascii_case(name))
        });
        !twice && self.parameters.len() <= Self::MOST_PARAMETERS
    }
}

fn read_value(mut rest: Cursor<'_>, challenges: &mut Vec<Challenge>) {
    loop {
        rest.separators();
        if rest.is_at_end() || challenges.len() == Challenge::MOST {
            return;
        }
        match read_challenge(&mut rest) {
            Some(challenge) if challenge.is_whole() => challenges.push(challenge),
            Some(_) => {}
            // Whatever this is, the next challenge stands behind a comma.
            None => rest.skip_element(),
        }
    }
}

fn read_challenge(rest: &mut Cursor<'_>) -> Option<Challenge> {
    let scheme = rest.token()?.to_owned();
    let spaced = rest.spaces();
    let mut challenge = Challenge { scheme, token: None, parameters: Vec::new() };
    if !spaced {
        return ends(*rest).then_some(challenge);
    }
    if let Some(token) = token68(rest) {
        challenge.token = Some(token);
        return Some(challenge);
    }
    loop {
        let mut ahead = *rest;
        ahead.separators();
        let Some(parameter) = read_parameter(&mut ahead) else { return Some(challenge) };
        *rest = ahead;
        if challenge.parameters.len() <= Challenge::MOST_PARAMETERS {
            challenge.parameters.push(parameter?);
        }
        rest.spaces();
        if !ends(*rest) {
            return None;
        }
    }
}

/// A parameter; nothing when what comes next is none, and `Some(None)` when its value is broken.
fn read_parameter(rest: &mut Cursor<'_>) -> Option<Option<(String, Vec<u8>)>> {
    let name = rest.token()?;
    rest.spaces();
    if !rest.take(b'=') {
        return None;
    }
    rest.spaces();
    Some(rest.word().map(|value| (name.to_owned(), value)))
}

/// The data of NTLM and Negotiate: base64, which no parameter follows.
fn token68(rest: &mut Cursor<'_>) -> Option<String> {
    let mut ahead = *rest;
    let text = ahead.take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
    let padding = ahead.take_while(|byte| byte == b'=');
    ahead.spaces();
    if text.is_empty() || !ends(ahead) {
        return None;
    }
    *rest = ahead;
    String::from_utf8([text, padding].concat()).ok()
}

/// Whether an element of the list is over.
fn ends(mut rest: Cursor<'_>) -> bool {
    rest.take_while(is_space);
    rest.is_at_end() || rest.take(b',')
}

#[cfg(test)]
mod tests;
