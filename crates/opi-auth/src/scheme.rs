//! What a way to prove who asks is made of; anyone can add one.

use std::any::Any;
use std::fmt;
use std::time::SystemTime;

use crate::{Challenge, Credential, Error};

/// A way to prove who asks.
///
/// It decides and sends nothing: who sends requests calls [`authorize`](Self::authorize) before
/// each of them, [`challenged`](Self::challenged) when the answer is 401 or 407, and
/// [`answered`](Self::answered) after any other answer. The clock and random numbers come in as
/// [`Surroundings`], and what is remembered stays in [`Memories`], which no other origin and no
/// other proxy ever sees.
///
/// A scheme of your own, which signs method, path and time with a shared key:
///
/// ```
/// use opi_auth::{Asked, Authorization, Credential, Error, Memories, Scheme, Surroundings};
/// use hmac::{Hmac, KeyInit, Mac};
/// use sha2::Sha256;
/// use std::time::{Duration, UNIX_EPOCH};
///
/// struct Shared(Vec<u8>);
///
/// // A Debug that shows no key.
/// impl std::fmt::Debug for Shared {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("Shared(..)")
///     }
/// }
///
/// impl Scheme for Shared {
///     fn authorize(
///         &self,
///         asked: &Asked<'_>,
///         _memories: &mut Memories<'_>,
///         around: &Surroundings,
///     ) -> Result<Vec<Credential>, Error> {
///         let time = around.time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
///         let bad_key = |_| Error::of_scheme("the shared key cannot be used");
///         let mut signature = Hmac::<Sha256>::new_from_slice(&self.0).map_err(bad_key)?;
///         signature.update(format!("{} {} {time}", asked.method(), asked.target()).as_bytes());
///         let signature: String =
///             signature.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
///         let value = Authorization::from_text(format!("{time}:{signature}"))?;
///         Ok(vec![Credential::new("X-Signature", value)?])
///     }
/// }
///
/// let (mut server, mut request) = Default::default();
/// let mut memories = Memories { server: &mut server, request: &mut request };
/// let around = Surroundings { time: UNIX_EPOCH + Duration::from_secs(7), random: [0; 16] };
/// let scheme: Box<dyn Scheme> = Box::new(Shared(b"hunter2".to_vec()));
/// let headers = scheme.authorize(&Asked::new("GET", "/list"), &mut memories, &around)?;
/// assert_eq!(headers[0].name(), "X-Signature");
/// assert!(headers[0].value().expose().starts_with("7:3051c677"));
/// # Ok::<(), Error>(())
/// ```
pub trait Scheme: fmt::Debug + Send + Sync {
    /// The headers to add to a request before it is sent, each in the place of those of its name;
    /// none when there is nothing to show yet.
    ///
    /// Called anew for each try, each redirect and each answer to a challenge.
    ///
    /// # Errors
    ///
    /// The request cannot be sent with these credentials; it is not sent.
    fn authorize(
        &self,
        asked: &Asked<'_>,
        memories: &mut Memories<'_>,
        around: &Surroundings,
    ) -> Result<Vec<Credential>, Error>;

    /// What adds up a body that is read as it is sent, when the headers show what it adds up to: it
    /// is read once more before [`authorize`](Self::authorize), which finds the outcome in
    /// [`Content::Stream`]. By default nothing does.
    ///
    /// Who sends requests asks for it only where a body can be read twice.
    fn hash_of_body(&self, memories: &mut Memories<'_>) -> Option<Box<dyn BodyHash>> {
        let _memories = memories;
        None
    }

    /// What to do about an answer of 401 or 407. By default, nothing: credentials that were
    /// refused are not shown again.
    fn challenged(&self, challenges: &[Challenge], memories: &mut Memories<'_>) -> Next {
        let (_unread, _kept) = (challenges, memories);
        Next::GiveUp
    }

    /// Hears `Authentication-Info` or `Proxy-Authentication-Info` of any other answer.
    ///
    /// # Errors
    ///
    /// Whoever answered is not whom we want; the answer is not used.
    fn answered(
        &self,
        asked: &Asked<'_>,
        info: &[u8],
        memories: &mut Memories<'_>,
    ) -> Result<(), Error> {
        let (_asked, _info, _memories) = (asked, info, memories);
        Ok(())
    }
}

/// What adds up the bytes of a body.
pub trait BodyHash: Send {
    /// Takes the next bytes.
    fn update(&mut self, bytes: &[u8]);

    /// What they added up to, as the scheme writes it.
    fn finish(self: Box<Self>) -> String;
}

/// What to do about an answer of 401 or 407.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Next {
    /// Send the request again, authorized anew.
    AskAgain,
    /// Hand the answer to the user.
    GiveUp,
}

/// A request that is about to be sent, or was.
#[must_use]
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    method: &'a str,
    target: &'a str,
    headers: &'a [(&'a str, &'a [u8])],
    content: Content<'a>,
    of: Side,
    channel: Channel,
}

/// How a request's body is known before it is sent.
#[non_exhaustive]
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Content<'a> {
    /// The whole body.
    Bytes(&'a [u8]),
    /// It is read as it is sent.
    Stream {
        /// How many bytes it has, when that is known.
        length: Option<u64>,
        /// What it adds up to, when the scheme has asked for that; see [`Scheme::hash_of_body`].
        hash: Option<&'a str>,
    },
}

/// Who asks for the credentials.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// The server that has what is asked for: `WWW-Authenticate`, `Authorization`.
    Origin,
    /// A proxy on the way: `Proxy-Authenticate`, `Proxy-Authorization`.
    Proxy,
}

/// Whether the way to who asks is encrypted.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Channel {
    /// Under TLS.
    Encrypted,
    /// In the clear: whoever is in the way can read and change it.
    Plain,
}

impl<'a> Asked<'a> {
    /// A request of `method` for `target`, both as they are on the request line. By default it has
    /// no headers and no body, is for an origin, and goes in the clear.
    pub fn new(method: &'a str, target: &'a str) -> Self {
        let (of, channel) = (Side::Origin, Channel::Plain);
        Self { method, target, headers: &[], content: Content::Bytes(b""), of, channel }
    }

    /// The headers as they are sent, `host` among them.
    pub fn with_headers(self, headers: &'a [(&'a str, &'a [u8])]) -> Self {
        Self { headers, ..self }
    }

    /// How the body is known.
    pub fn with_content(self, content: Content<'a>) -> Self {
        Self { content, ..self }
    }

    /// Who asks for the credentials.
    pub fn by(self, of: Side) -> Self {
        Self { of, ..self }
    }

    /// Whether the way there is encrypted.
    pub fn over(self, channel: Channel) -> Self {
        Self { channel, ..self }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The request target: path and query, and for a proxy that forwards, the whole URL.
    #[must_use]
    pub fn target(&self) -> &'a str {
        self.target
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &'a [(&'a str, &'a [u8])] {
        self.headers
    }

    /// How the body is known.
    #[must_use]
    pub fn content(&self) -> Content<'a> {
        self.content
    }

    /// Who asks for the credentials.
    #[must_use]
    pub fn side(&self) -> Side {
        self.of
    }

    /// Whether the way there is encrypted.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }
}

/// Shows the method and how many headers there are: a target may hold a secret in its query.
impl fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asked({}, {} headers, {:?}, ..)", self.method, self.headers.len(), self.content)
    }
}

/// Never shows the body.
impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(body) => write!(f, "Bytes({} bytes)", body.len()),
            Self::Stream { length: Some(length), .. } => write!(f, "Stream({length} bytes)"),
            Self::Stream { length: None, .. } => f.write_str("Stream"),
        }
    }
}

impl Side {
    /// The header that carries the credentials, in lower case.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Origin => "authorization",
            Self::Proxy => "proxy-authorization",
        }
    }
}

/// What a scheme cannot know by itself.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "callers make it; a field more is a change for all")]
pub struct Surroundings {
    /// The time.
    pub time: SystemTime,
    /// Random bytes, fresh for each call and good enough for secrets.
    pub random: [u8; 16],
}

/// Never shows the random bytes.
impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Surroundings({:?}, ..)", self.time)
    }
}

/// What a scheme remembers.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "callers make it; a field more is a change for all")]
pub struct Memories<'a> {
    /// Of one origin or proxy, as long as the session lives; requests under way share it.
    pub server: &'a mut Memory,
    /// Of one request and its tries; a redirect begins anew.
    pub request: &'a mut Memory,
}

/// A value of one type, which only the scheme knows.
#[derive(Default)]
pub struct Memory(Option<Box<dyn Any + Send>>);

impl Memory {
    /// Works on the value, which is the type's default when there was none or one of another type.
    pub fn with<T: Any + Default + Send, R>(&mut self, work: impl FnOnce(&mut T) -> R) -> R {
        let kept = self.0.take().and_then(|kept| kept.downcast::<T>().ok());
        let mut kept = kept.unwrap_or_default();
        let outcome = work(&mut kept);
        self.0 = Some(kept);
        outcome
    }
}

/// Shows nothing of the value.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_keeps_one_type() {
        let mut memory = Memory::default();
        memory.with(|count: &mut u32| *count += 2);
        assert_eq!(memory.with(|count: &mut u32| *count), 2);
        assert_eq!(memory.with(|text: &mut String| text.clone()), "");
    }

    #[test]
    fn nothing_of_a_request_is_shown_that_may_be_secret() {
        let headers = [("x-key", &b"hunter2"[..])];
        let asked = Asked::new("GET", "/?key=hunter2").with_headers(&headers);
        let asked = asked.with_content(Content::Bytes(b"hunter2"));
        let mut memory = Memory::default();
        memory.with(|text: &mut String| text.push_str("hunter2"));
        let around = Surroundings { time: SystemTime::UNIX_EPOCH, random: *b"hunter2hunter2hu" };
        let shown = format!("{asked:?} {memory:?} {around:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("104"), "{shown}");
    }
}
