//! The small words of RFC 9110 section 5.6 that challenges are made of, over bytes.

/// What is left of a header's value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn new(value: &'a [u8]) -> Self {
        Self(value)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `byte` comes next; it is taken when it does.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    /// Takes bytes as long as they are `wanted`.
    pub(crate) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|byte| !wanted(*byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    /// Takes spaces and tabs, and says whether there were any.
    pub(crate) fn spaces(&mut self) -> bool {
        !self.take_while(is_space).is_empty()
    }

    /// Takes what may stand between the elements of a list: spaces, and any number of commas.
    pub(crate) fn separators(&mut self) {
        self.take_while(|byte| is_space(byte) || byte == b',');
    }

    /// Takes a token, which is ASCII; nothing when there is none.
    pub(crate) fn token(&mut self) -> Option<&'a str> {
        str::from_utf8(self.take_while(is_token)).ok().filter(|token| !token.is_empty())
    }

    /// Takes a token or a quoted string without its quotes and backslashes.
    pub(crate) fn word(&mut self) -> Option<Vec<u8>> {
        if self.take(b'"') { self.quoted() } else { self.token().map(Into::into) }
    }

    /// Takes the rest of a quoted string; nothing when it does not end or holds a control character.
    fn quoted(&mut self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        loop {
            text.extend_from_slice(self.take_while(is_quotable));
            if self.take(b'"') {
                return Some(text);
            }
            if !self.take(b'\\') {
                return None;
            }
            let (escaped, rest) = self.0.split_first()?;
            if is_control(*escaped) {
                return None;
            }
            text.push(*escaped);
            self.0 = rest;
        }
    }

    /// Takes everything up to the next comma.
    pub(crate) fn skip_element(&mut self) {
        self.take_while(|byte| byte != b',');
    }
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_quotable(byte: u8) -> bool {
    !is_control(byte) && !matches!(byte, b'"' | b'\\')
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}
