//! Where an item is divided: name, separator, value. Pure.

/// What stands between the name and the value of an item.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Separator {
    EmptyHeader,
    Field,
    FieldFile,
    File,
    Header,
    HeaderFile,
    Json,
    JsonFile,
    Query,
    QueryFile,
}

impl Separator {
    /// As it is written.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::EmptyHeader => ";",
            Self::Field => "=",
            Self::FieldFile => "=@",
            Self::File => "@",
            Self::Header => ":",
            Self::HeaderFile => ":@",
            Self::Json => ":=",
            Self::JsonFile => ":=@",
            Self::Query => "==",
            Self::QueryFile => "==@",
        }
    }

    /// All, longer ones before those they begin with.
    const ALL: &[Self] = &[
        Self::QueryFile,
        Self::JsonFile,
        Self::FieldFile,
        Self::HeaderFile,
        Self::Query,
        Self::Json,
        Self::Field,
        Self::Header,
        Self::File,
        Self::EmptyHeader,
    ];

    fn at_start_of(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|separator| text.starts_with(separator.text()))
    }
}

/// Splits at the first separator that is not escaped; a backslash before one of `:=@;` goes.
pub(super) fn split(text: &str) -> Option<(String, Separator, String)> {
    let mut name = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(separator) = Separator::at_start_of(rest) {
            let value = rest.get(separator.text().len()..).unwrap_or_default();
            return Some((name, separator, unescaped(value)));
        }
        let taken = escaped(rest).unwrap_or(first);
        name.push(taken);
        let skipped = if taken == first { 0 } else { first.len_utf8() };
        rest = rest.get(skipped + taken.len_utf8()..).unwrap_or_default();
    }
    None
}

/// `text` such that [`split`] reads it as it is. A name must not end in a backslash: that would take
/// the meaning of the separator behind it.
pub(in crate::http) fn escape(text: &str) -> String {
    let escape = |c: char| {
        let backslash = is_special(c).then_some('\\');
        backslash.into_iter().chain([c])
    };
    text.chars().flat_map(escape).collect()
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match escaped_after(c, rest.as_str()) {
            Some(special) => {
                plain.push(special);
                rest.next();
            }
            None => plain.push(c),
        }
    }
    plain
}

/// The character that a backslash at the beginning of `text` protects.
fn escaped(text: &str) -> Option<char> {
    let mut rest = text.chars();
    escaped_after(rest.next()?, rest.as_str())
}

fn escaped_after(first: char, rest: &str) -> Option<char> {
    let next = rest.chars().next()?;
    (first == '\\' && is_special(next)).then_some(next)
}

fn is_special(c: char) -> bool {
    matches!(c, ':' | '=' | '@' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, separator: &str, value: &str) {
        let found = split(text).map(|(name, separator, value)| (name, separator.text(), value));
        assert_eq!(found, Some((name.to_owned(), separator, value.to_owned())), "{text:?}");
    }

    #[test]
    fn the_first_separator_splits_and_the_longest_there_wins() {
        check("a=b", "a", "=", "b");
        check("a==b", "a", "==", "b");
        check("a:=b", "a", ":=", "b");
        check("a:b=c", "a", ":", "b=c");
        check("a=b:c==d", "a", "=", "b:c==d");
        check("a=", "a", "=", "");
        check("mail=ann@h.test", "mail", "=", "ann@h.test");
        check("ж:я", "ж", ":", "я");
        check("f@x", "f", "@", "x");
        check("f=@x", "f", "=@", "x");
        check("f:=@x", "f", ":=@", "x");
        check("f==@x", "f", "==@", "x");
        check("f:@x", "f", ":@", "x");
        check("@x", "", "@", "x");
        check("X-Empty;", "X-Empty", ";", "");
        check("a[b]=c", "a[b]", "=", "c");
    }

    #[test]
    fn a_backslash_takes_the_meaning_of_a_separator_and_stands_elsewhere() {
        check("a\\:b:c", "a:b", ":", "c");
        check("a\\=\\=b=c", "a==b", "=", "c");
        check("a=\\@b", "a", "=", "@b");
        check("a=C:\\dir\\=", "a", "=", "C:\\dir=");
        check("a\\b=c\\", "a\\b", "=", "c\\");
        check("a\\[b=c", "a\\[b", "=", "c");
        assert_eq!(split("nothing"), None);
        assert_eq!(split("a\\=b"), None);
    }

    #[test]
    fn what_is_escaped_is_read_as_it_was() {
        for text in ["a", "a:=b", "=@;:", "ж\\", "C:\\=x", "a\\\\=b"] {
            let (name, _, value) = split(&format!("{}n={}", escape(text), escape(text))).unwrap();
            assert_eq!((name, value), (format!("{text}n"), text.to_owned()));
        }
    }
}
