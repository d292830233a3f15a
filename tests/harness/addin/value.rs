//! Values as a test writes and compares them.

/// What is passed to a method, or what it gives.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `Undefined`.
    Undefined,
    /// A truth value.
    Bool(bool),
    /// A whole number of 32 bits.
    Int(i32),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(String),
    /// Units that need not be text, to be passed only.
    Wide(Vec<u16>),
    /// Binary data.
    Bytes(Vec<u8>),
    /// Text without a block: a null pointer and no length.
    NullText,
    /// Binary data without a block.
    NullBytes,
    /// A block of text or bytes (by `vt`) that is not there, and the length that is claimed for it.
    Claimed {
        /// The number of the type.
        vt: u16,
        /// How long the block is said to be.
        len: u32,
    },
    /// A date: year, month, day, hour, minute, second; to be passed only.
    Date([i32; 6]),
    /// A variant of the type `vt` over these bits; `vt` must not stand for a pointer that the
    /// add-in reads.
    Raw {
        /// The number of the type.
        vt: u16,
        /// What the union holds.
        bits: u64,
    },
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Binary data.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes(bytes.into())
    }

    /// The text of a JSON value.
    #[must_use]
    pub fn json(json: &serde_json::Value) -> Self {
        Self::Text(json.to_string())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Int(number)
    }
}
