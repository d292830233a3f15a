//! One row per error kind, from which its enum, code, words and advice are made.

/// What every error tells of its kind, which stands in the field `kind` of its box.
///
/// For the crates of opi only; no part of the public interface.
#[doc(hidden)]
#[macro_export]
macro_rules! error_row {
    ($kind:ident) => {
        /// What went wrong.
        #[must_use]
        pub fn kind(&self) -> $kind {
            self.0.kind
        }

        /// The frozen code of the kind.
        #[must_use]
        pub fn code(&self) -> &'static str {
            self.advice().code
        }

        /// The row of the kind: its code, who must act, and the cure.
        #[must_use]
        pub fn advice(&self) -> $crate::Advice {
            self.0.kind.advice()
        }
    };
}

/// Declares an enum of error kinds, a row each: code, who must act, words, cures; and after the
/// word `wraps` the kinds of lower crates, which keep their rows; `=` names what makes an
/// `Advice` of a row where the lower crate has only its texts.
///
/// For the crates of opi only; no part of the public interface.
#[doc(hidden)]
#[macro_export]
macro_rules! error_kinds {
    (@row $inner:ident) => { $inner.advice() };
    (@row $inner:ident $row:path) => { $row($inner.advice()) };
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $(
                $(#[$doc:meta])*
                $kind:ident {
                    code: $code:literal,
                    who: $who:literal,
                    words: $words:literal,
                    english: $english:literal,
                    russian: $russian:literal,
                }
            )*
        }
        $(wraps { $($(#[$inner_doc:meta])* $outer:ident($inner:ty) $(= $row:path)?)* })?
    ) => {
        $(#[$about])*
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum $name {
            $($(#[$doc])* $kind,)*
            $($($(#[$inner_doc])* $outer($inner),)*)?
        }

        impl $name {
            /// Every kind of this crate's own.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name that programs compare; never renamed once released.
            #[must_use]
            pub const fn code(self) -> &'static str {
                self.advice().code
            }

            /// The row of this kind: its code, who must act, and the cure.
            #[must_use]
            pub const fn advice(self) -> $crate::Advice {
                match self {
                    $(Self::$kind => $crate::Advice::new([$code, $who, $english, $russian]),)*
                    $($(Self::$outer(inner) => $crate::error_kinds!(@row inner $($row)?),)*)?
                }
            }

            /// What happened, in a few words for `Display`.
            const fn words(self) -> &'static str {
                match self {
                    $(Self::$kind => $words,)*
                    $($(Self::$outer(_) => "",)*)?
                }
            }
        }
    };
}
