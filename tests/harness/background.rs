//! Servers for blocking hosts: they run on threads of their own while the test's thread waits for a child process or a call.

use std::{fmt, future::Future, ops::Deref};

use tokio::runtime::{Builder, Runtime};

/// What `start` made, with the runtime it lives on. Dereferences to what was made.
///
/// ```
/// use harness::{Background, EchoServer};
/// use std::io::{Read, Write};
///
/// let echo = Background::start(|| EchoServer::start());
/// let mut client = std::net::TcpStream::connect(echo.address()).unwrap();
/// client.write_all(b"hi").unwrap();
/// let mut answer = [0; 2];
/// client.read_exact(&mut answer).unwrap();
/// echo.finish(|echo| echo.finish());
/// ```
pub struct Background<T> {
    made: Option<T>,
    runtime: Option<Runtime>,
}

impl<T> Background<T> {
    /// Makes something on a new runtime of two threads.
    ///
    /// # Panics
    ///
    /// It is called inside a runtime, or there is no thread to be had.
    pub fn start<F: Future<Output = T>>(make: impl FnOnce() -> F) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads can be had");
        let made = runtime.block_on(async { make().await });
        Self { made: Some(made), runtime: Some(runtime) }
    }

    /// Waits for `future` on the calling thread, for example for a gate or for requests.
    pub fn block_on<O>(&self, future: impl Future<Output = O>) -> O {
        self.runtime().block_on(future)
    }

    /// Hands what was made to `end`, waits for it, and ends the runtime.
    ///
    /// # Panics
    ///
    /// `end` panics: a server had a failure.
    pub fn finish<O, F: Future<Output = O>>(mut self, end: impl FnOnce(T) -> F) -> O {
        let made = self.made.take().expect("it is taken only here");
        self.runtime().block_on(async { end(made).await })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is taken only by the drop")
    }
}

impl<T> Deref for Background<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.made.as_ref().expect("it is taken only at the end")
    }
}

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let entered = runtime.enter();
        drop(self.made.take());
        drop(entered);
        // The tasks were ended with their owners, so there is nothing to wait for.
        runtime.shutdown_background();
    }
}

impl<T: fmt::Debug> fmt::Debug for Background<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Background").field(&self.made).finish()
    }
}
