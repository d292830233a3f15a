//! What a person should do about an error.

/// The row of an error kind: its frozen code, who must act, and a cure in two languages.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Advice {
    /// The code that programs compare; never renamed once released.
    pub code: &'static str,
    /// Who must act: `caller`, `administrator`, `peer` or `opi`.
    pub who: &'static str,
    /// What helps, in English.
    pub english: &'static str,
    /// What helps, in Russian.
    pub russian: &'static str,
}

impl Advice {
    /// A row: code, who must act, cure in English, cure in Russian.
    #[must_use]
    pub const fn new(row: [&'static str; 4]) -> Self {
        let [code, who, english, russian] = row;
        Self { code, who, english, russian }
    }
}
