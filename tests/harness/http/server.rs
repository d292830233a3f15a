//! The HTTP server: strict about what it reads, scripted about what it answers.

use std::{
    collections::{HashMap, VecDeque},
    fmt, mem,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::sync::watch;

use super::{answer::Answer, request::Request, serve};
use crate::{handshakes::Handshakes, listen::Listen, service::Service};

/// An HTTP/1.1 server. A request that breaks the rules fails the test, and so does one without an answer.
///
/// ```
/// use harness::{Answer, HttpServer};
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = HttpServer::start().await;
/// server.answer(Answer::ok().text("hello").close());
///
/// let mut client = tokio::net::TcpStream::connect(server.address()).await.unwrap();
/// client.write_all(b"GET /greeting HTTP/1.1\r\nHost: x.test\r\n\r\n").await.unwrap();
/// let mut answer = String::new();
/// client.read_to_string(&mut answer).await.unwrap();
///
/// assert!(answer.ends_with("\r\n\r\nhello"));
/// assert_eq!(server.finish().await[0].target, "/greeting");
/// # });
/// ```
#[derive(Debug)]
pub struct HttpServer {
    service: Service,
    shared: Arc<Shared>,
    secure: bool,
}

type Handler = Box<dyn Fn(&Request) -> Answer + Send + Sync>;

pub(super) struct Shared {
    answers: Mutex<Answers>,
    handler: Option<Handler>,
    pub(super) handshakes: Handshakes,
    requests: watch::Sender<Vec<Request>>,
    pub(super) role: Role,
}

/// What a server is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// Whole URLs, as by who takes it for a proxy that forwards.
    Forwarder,
    /// Paths.
    Origin,
}

#[derive(Debug, Default)]
struct Answers {
    anywhere: VecDeque<Answer>,
    by_path: HashMap<String, VecDeque<Answer>>,
}

impl HttpServer {
    /// Starts a plain server on 127.0.0.1 that answers from its queues.
    pub async fn start() -> Self {
        Self::start_on(Listen::plain()).await
    }

    /// Starts a server that listens as told and answers from its queues.
    pub async fn start_on(listen: Listen) -> Self {
        Self::launch(listen, None, Role::Origin)
    }

    /// Starts a server that hands each request without a queued answer to `handler`.
    ///
    /// [`httpbin`](crate::httpbin) is such a handler.
    pub async fn start_handling<H>(listen: Listen, handler: H) -> Self
    where
        H: Fn(&Request) -> Answer + Send + Sync + 'static,
    {
        Self::launch(listen, Some(Box::new(handler)), Role::Origin)
    }

    /// Starts a plain server that is taken for a proxy: it wants whole URLs, forwards nothing and
    /// hands each request without a queued answer to `handler`.
    pub async fn start_forwarding<H>(handler: H) -> Self
    where
        H: Fn(&Request) -> Answer + Send + Sync + 'static,
    {
        Self::launch(Listen::plain(), Some(Box::new(handler)), Role::Forwarder)
    }

    /// Queues an answer for the next request, whatever its path.
    pub fn answer(&self, answer: Answer) {
        self.answers(|answers| answers.anywhere.push_back(answer));
    }

    /// Queues an answer for the next request for `path`; it goes before those for any path.
    pub fn answer_at(&self, path: &str, answer: Answer) {
        self.answers(|answers| {
            answers.by_path.entry(path.to_owned()).or_default().push_back(answer)
        });
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.service.address()
    }

    /// The URL of `path` (which begins with a slash) on this server, with its IP address as the host.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        self.url_as(&self.address().ip().to_string(), path)
    }

    /// The URL of `path` on this server under another host name.
    #[must_use]
    pub fn url_as(&self, host: &str, path: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        format!("{scheme}://{host}:{}{path}", self.address().port())
    }

    /// The requests so far, in the order in which they were complete.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.borrow().clone()
    }

    /// Waits until `count` requests have been read.
    ///
    /// # Panics
    ///
    /// They do not come in time.
    pub async fn wait_requests(&self, count: usize) {
        let mut requests = self.shared.requests.subscribe();
        let what = format!("request {count} to the HTTP server");
        let arrived = requests.wait_for(|requests| requests.len() >= count);
        // The sender lives in `self`, so the wait ends by the value and never by an error.
        crate::watch(&what, arrived).await.ok();
    }

    /// How many connections have been accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.service.accepted()
    }

    /// The server names that the TLS clients sent, in the order of their handshakes.
    #[must_use]
    pub fn server_names(&self) -> Vec<Option<String>> {
        self.shared.handshakes.server_names()
    }

    /// The TLS handshakes that did not come to pass.
    #[must_use]
    pub fn handshake_failures(&self) -> Vec<String> {
        self.shared.handshakes.failures()
    }

    /// Waits for the first TLS handshake that does not come to pass, and says why.
    ///
    /// # Panics
    ///
    /// All of them succeed.
    pub async fn handshake_failure(&self) -> String {
        self.shared.handshakes.first_failure().await
    }

    /// Closes idle connections, waits for the others, and returns all requests.
    ///
    /// # Panics
    ///
    /// A request was wrong or had no answer, or a queued answer was never asked for.
    pub async fn finish(self) -> Vec<Request> {
        let left = self.answers(|answers| mem::take(answers).len());
        if left > 0 {
            self.service.fail(format!("HTTP server: {left} queued answers were not asked for"));
        }
        self.service.finish().await;
        self.shared.requests.borrow().clone()
    }

    fn launch(mut listen: Listen, handler: Option<Handler>, role: Role) -> Self {
        let secure = listen.tls.is_some();
        if let Some(config) = &mut listen.tls {
            Arc::make_mut(config).alpn_protocols = vec![b"http/1.1".to_vec()];
        }
        let shared = Arc::new(Shared {
            answers: Mutex::default(),
            handler,
            handshakes: Handshakes::default(),
            requests: watch::Sender::default(),
            role,
        });
        let serving = Arc::clone(&shared);
        let serve = move |incoming| serve::serve(incoming, Arc::clone(&serving));
        Self { service: Service::start("HTTP server", &listen, serve), shared, secure }
    }

    fn answers<T>(&self, act: impl FnOnce(&mut Answers) -> T) -> T {
        act(&mut self.shared.answers.lock().expect("no holder panics"))
    }
}

impl Answers {
    fn len(&self) -> usize {
        self.anywhere.len() + self.by_path.values().map(VecDeque::len).sum::<usize>()
    }

    fn next(&mut self, path: &str) -> Option<Answer> {
        let here = self.by_path.get_mut(path).and_then(VecDeque::pop_front);
        here.or_else(|| self.anywhere.pop_front())
    }
}

impl Shared {
    /// Notes the request and chooses its answer.
    pub(super) fn answer(&self, request: Request) -> Result<Answer, String> {
        let queued = self.answers.lock().expect("no holder panics").next(request.path());
        let answer = queued.or_else(|| self.handler.as_ref().map(|handler| handler(&request)));
        let missing = format!("there is no answer for {} {}", request.method, request.target);
        self.requests.send_modify(|requests| requests.push(request));
        answer.ok_or(missing)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("answers", &self.answers).finish_non_exhaustive()
    }
}
