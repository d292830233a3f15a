//! One session in front of several runtimes, in turn: its connections serve them all.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::time::Duration;

use harness::{Answer, Background, Ca, Gate, HttpServer, Listen, told};
use opi_http_connector::{Error, Request, Response, Session, SessionConfig};
use opi_net::{Dialer, blocking};
use tokio::runtime::{Builder, Runtime};

use crate::setting::{soon, trusting};

/// What runs a call, and how often it polls the call before that waits in every way it has.
struct Caller<'a> {
    run: &'a dyn Fn(Pin<&mut dyn Future<Output = Outcome>>) -> Outcome,
    polls: usize,
}

type Outcome = Result<Response, Error>;

impl Caller<'_> {
    /// Runs `call`, and opens `gate` when it waits for nothing else.
    fn wait(&self, gate: &Gate, call: impl Future<Output = Outcome>) -> Outcome {
        let (mut call, mut polls) = (pin!(call), 0);
        (self.run)(pin!(poll_fn(|context| {
            let polled = call.as_mut().poll(context);
            polls += 1;
            if polls >= self.polls && polled.is_pending() {
                gate.open();
            }
            polled
        })))
    }
}

/// Sends a POST by each caller in turn over one connection, which all of them share.
fn share(callers: &[&Caller<'_>], secure: bool) {
    let ca = Ca::new();
    let listen = if secure {
        Listen::tls(ca.issue(&["localhost"]).server_config())
    } else {
        Listen::plain()
    };
    let server = Background::start(|| HttpServer::start_on(listen));
    let dialer = Dialer::new().resolve("localhost", [[127, 0, 0, 1].into()]).unwrap();
    let session = Session::new(SessionConfig::new().tls(trusting(&ca)).dialer(dialer));
    for caller in callers {
        let gate = Gate::new("the call waits");
        server.answer(Answer::ok().text("late").after(&gate));
        let request = Request::post(&server.url_as("localhost", "/")).unwrap().text("once");
        let deadline = soon();
        let answer = caller.wait(&gate, session.send(request, &deadline));
        let answer = answer.map_err(|error| told(&error)).unwrap();
        assert_eq!((&*answer.text().unwrap(), answer.facts().id), ("late", 1));
    }
    assert_eq!(server.finish(HttpServer::finish).len(), callers.len());
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A guard against a hang, never reached.
const GUARD: Duration = Duration::from_secs(60);

/// Polls to note, to wait in the system, and to arm.
const BLOCKING: usize = 3;

#[test]
fn a_call_that_blocks_may_have_a_runtime_of_its_own() {
    let once = Caller { run: &|call| blocking::block_on(GUARD, call).unwrap(), polls: BLOCKING };
    for secure in [false, true] {
        share(&[&once; 3], secure);
    }
}

#[test]
fn runtimes_that_are_run_in_turn_only_share_a_connection() {
    let [one, other] = [(); 2].map(|()| blocking::Runtime::new().unwrap());
    let one = Caller { run: &|call| one.run(GUARD, call).unwrap(), polls: BLOCKING };
    let other = Caller { run: &|call| other.run(GUARD, call).unwrap(), polls: BLOCKING };
    let [third, fourth] = [(); 2].map(|()| one_thread());
    let third = Caller { run: &|call| third.block_on(call), polls: 1 };
    let fourth = Caller { run: &|call| fourth.block_on(call), polls: 1 };
    for secure in [false, true] {
        share(&[&one, &other, &one, &other], secure);
        share(&[&third, &fourth, &third, &fourth], secure);
        share(&[&one, &third, &other, &fourth, &one], secure);
        share(&[&third, &one, &fourth, &other, &third], secure);
    }
}
