//! The words that stand for choices in the text form.

use crate::{Covers, Endian, Forms, Includes, Keep, Place, Sum};

/// A choice that the text form writes as a word.
pub(super) trait Word: PartialEq + Sized {
    /// Each word and what it stands for.
    fn words() -> Vec<(&'static str, Self)>;

    /// What `word` stands for.
    fn parse(word: &str) -> Option<Self> {
        Self::words().into_iter().find(|(it, _)| *it == word).map(|(_, value)| value)
    }

    /// The word for it.
    fn word(&self) -> &'static str {
        Self::words().into_iter().find(|(_, it)| it == self).map_or("", |(word, _)| word)
    }
}

/// The words alone.
pub(super) fn words<W: Word>() -> Vec<&'static str> {
    W::words().into_iter().map(|(word, _)| word).collect()
}

/// Which escape is meant; its bytes are settings of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Escapes {
    Dle,
    None,
    Pairs,
    Xor,
}

impl Word for Covers {
    fn words() -> Vec<(&'static str, Self)> {
        vec![
            ("payload", Self::Payload),
            ("payload_end", Self::PayloadEnd),
            ("start_payload", Self::StartPayload),
            ("start_payload_end", Self::StartPayloadEnd),
        ]
    }
}

impl Word for Endian {
    fn words() -> Vec<(&'static str, Self)> {
        vec![("ascii", Self::Ascii), ("big", Self::Big), ("little", Self::Little)]
    }
}

impl Word for Escapes {
    fn words() -> Vec<(&'static str, Self)> {
        vec![("dle", Self::Dle), ("none", Self::None), ("pairs", Self::Pairs), ("xor", Self::Xor)]
    }
}

impl Word for Forms {
    fn words() -> Vec<(&'static str, Self)> {
        vec![("counted", Self::Counted), ("either", Self::Either)]
    }
}

impl Word for Includes {
    fn words() -> Vec<(&'static str, Self)> {
        vec![("header", Self::Header), ("payload", Self::Payload), ("self", Self::Itself)]
    }
}

impl Word for Keep {
    fn words() -> Vec<(&'static str, Self)> {
        vec![("frame", Self::Frame), ("payload", Self::Payload)]
    }
}

impl Word for Place {
    fn words() -> Vec<(&'static str, Self)> {
        vec![("after_end", Self::AfterEnd), ("before_end", Self::BeforeEnd)]
    }
}

impl Word for Option<Sum> {
    fn words() -> Vec<(&'static str, Self)> {
        let sums = Sum::ALL.iter().map(|sum| (sum.name(), Some(*sum)));
        sums.chain([("none", None)]).collect()
    }
}
