//! How much of a frame a payload is.

/// How much of a frame its payload is, in both directions.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Keep {
    /// All of it, as it travels. Encoding then takes a whole frame and checks it; of
    /// [`Length`](crate::Length) it writes the length in.
    Frame,
    /// What is between the marks, or after the length. The default.
    #[default]
    Payload,
}
