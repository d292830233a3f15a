//! Opens the connection that the options describe.

use std::sync::Arc;
use std::time::Duration;

use opi::net::{Deadline, Stream, Target};
use opi::tcp_client::{Config, Connection};

use super::tap::{Counts, tap};
use crate::answer::{self, Answer, Body};
use crate::args::DialArgs;
use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;
use crate::{network, output};

/// How connections are opened.
#[derive(Debug)]
pub(crate) struct Dial {
    target: Target,
    config: Config,
    timeout: Duration,
    verbose: bool,
    dump: bool,
}

/// A connection that was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    pub(crate) counts: Arc<Counts>,
    /// What is known about it.
    pub(crate) facts: Answer,
}

impl Dial {
    /// What `args` say about connections to `address`; secrets go behind the veil.
    ///
    /// # Errors
    ///
    /// The command line is wrong, or a file it names.
    pub(crate) fn new(address: &str, args: &DialArgs, veil: &mut Veil) -> Result<Self, Failure> {
        let target: Target = address.parse()?;
        let config = Config::new(target.clone()).route(network::route(&args.way, veil)?);
        let config = match (args.tls, args.trust.given()) {
            (true, _) => config.tls(network::tls(&args.trust)?),
            (false, None) => config,
            (false, Some(option)) => {
                let message = format!("{option} needs --tls");
                return Err(Failure::new(ErrorKind::Usage, message));
            }
        };
        let (timeout, verbose, dump) = (args.connect_timeout, args.verbose, args.dump);
        Ok(Self { target, config, timeout, verbose, dump })
    }

    /// Where connections go.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// What the network or a proxy answered.
    pub(crate) async fn open(&self, deadline: &Deadline) -> Result<Opened, Failure> {
        let deadline = deadline.within(self.timeout);
        let connection = Connection::open(&self.config, &deadline).await?;
        if self.verbose {
            tell(&connection);
        }
        let facts = Answer::new(Body::None)
            .fact("peer", answer::address(connection.peer()))
            .fact("tls", answer::tls(connection.tls()))
            .fact("connect_ms", answer::millis(deadline.elapsed()));
        let (stream, counts) = tap(connection.into_stream(), self.dump);
        Ok(Opened { stream, counts, facts })
    }
}

fn tell(connection: &Connection) {
    let peer = connection.peer().map(|peer| peer.to_string()).unwrap_or_default();
    output::note(&format!("* connected to {peer}"));
    if let Some(tls) = connection.tls() {
        output::note(&format!("* {} {}", tls.version, tls.cipher));
    }
}
