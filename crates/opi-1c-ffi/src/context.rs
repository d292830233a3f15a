//! What every object has besides its component: settings, last fault, received bytes, its life.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::blobs::Blobs;
use crate::fault::{Fault, FaultKind};
use crate::guard::{self, Panicked};
use crate::language::Choice;
use crate::life::Life;
use crate::value::Value;

/// The state that the component of an object and the object itself share.
pub(crate) struct Context {
    pub(crate) blobs: Blobs,
    pub(crate) language: Choice,
    pub(crate) life: Life,
    platform: Arc<dyn Platform>,
    raise: AtomicBool,
    failed: AtomicBool,
    last: Mutex<Option<Fault>>,
    panicked: OnceLock<String>,
}

/// What the add-in can ask the program that loaded it.
pub(crate) trait Platform: Send + Sync {
    /// Announces an exception; the call that is running must then fail.
    fn raise(&self, source: &str, text: &str);

    /// What is known about the program.
    fn facts(&self) -> PlatformFacts;
}

/// What is known about the program that loaded the add-in.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlatformFacts {
    /// The level of the interface that the program announced; never by OneScript.
    pub(crate) capabilities: Option<i32>,
    /// The version of the platform.
    pub(crate) version: Option<String>,
    /// The kind of application, for example `server`.
    pub(crate) application: Option<&'static str>,
    /// Whether the add-in runs in a process of its own.
    pub(crate) isolated: Option<bool>,
}

/// A fault was recorded, and the call must fail.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Raised;

impl Context {
    pub(crate) fn new(platform: Arc<dyn Platform>) -> Self {
        Self {
            blobs: Blobs::default(),
            language: Choice::default(),
            life: Life::default(),
            platform,
            raise: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            last: Mutex::new(None),
            panicked: OnceLock::new(),
        }
    }

    pub(crate) fn platform(&self) -> PlatformFacts {
        self.platform.facts()
    }

    pub(crate) fn raises(&self) -> bool {
        self.raise.load(Ordering::Relaxed)
    }

    pub(crate) fn set_raises(&self, raises: bool) {
        self.raise.store(raises, Ordering::Relaxed);
    }

    /// The fault of the last call of the component's own, as JSON text; empty when it succeeded.
    pub(crate) fn last_error(&self) -> String {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let json = last.as_ref().map(|fault| fault.to_json(self.language.language()));
        json.map(|json| json.to_string()).unwrap_or_default()
    }

    /// Runs `body` unless the object is closed or has panicked; a panic in it ends the object.
    pub(crate) fn run<T>(&self, body: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        if let Some(place) = self.panicked.get() {
            return Err(internal(place));
        }
        if self.life.is_closed() {
            return Err(Fault::of(FaultKind::Closed));
        }
        match self.run_always(body) {
            Err(fault) if self.life.is_closed() && fault.code() == CANCELLED => {
                Err(Fault::of(FaultKind::Closed))
            }
            outcome => outcome,
        }
    }

    /// Runs `body`, which needs nothing that a panic may have broken; a panic ends the object.
    pub(crate) fn run_always<T>(
        &self,
        body: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        match guard::run(body) {
            Ok(outcome) => outcome,
            Err(Panicked(place)) => {
                self.life.cancel();
                Err(internal(self.panicked.get_or_init(|| place)))
            }
        }
    }

    /// Turns the outcome of a call into what the caller sees: a fault is an answer of its own, or
    /// an exception when the program asked for exceptions.
    pub(crate) fn answer(
        &self,
        class: &str,
        outcome: Result<Value, Fault>,
    ) -> Result<Value, Raised> {
        match outcome {
            Ok(value) => Ok(value),
            Err(fault) if self.raises() => Err(self.raised(class, fault)),
            Err(fault) => {
                let answer = fault.answer(self.language.language());
                self.remember(fault);
                Ok(Value::Text(answer))
            }
        }
    }

    /// Records a fault and announces it as an exception.
    pub(crate) fn raised(&self, class: &str, fault: Fault) -> Raised {
        let hint = fault.hint(self.language.language());
        self.platform.raise(class, &format!("{}: {fault}. {hint}", fault.code()));
        self.remember(fault);
        Raised
    }

    /// Forgets the fault of an earlier call.
    pub(crate) fn forget(&self) {
        if self.failed.swap(false, Ordering::Relaxed) {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    fn remember(&self, fault: Fault) {
        tracing::debug!(code = fault.code(), "call failed");
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
        self.failed.store(true, Ordering::Relaxed);
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("life", &self.life).finish_non_exhaustive()
    }
}

fn internal(place: &str) -> Fault {
    let message = format!("an internal error stopped the object ({place})");
    Fault::new(FaultKind::Internal, message)
}

/// The code of a call that a thrown switch ended.
const CANCELLED: &str = opi::net::ErrorKind::Cancelled.code();
