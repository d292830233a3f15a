//! How far the requests under way have come, for another thread that asks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use opi::http::{Direction, Progress, Request};
use serde_json::{Value as Json, json};

use super::history;
use crate::components::words::millis;
use crate::value::Value;

/// The requests that an object is sending; each call has one.
#[derive(Debug, Default)]
pub(super) struct Underway(Mutex<Vec<Arc<Course>>>);

/// One request, from its call to its end.
#[derive(Debug)]
struct Course {
    method: String,
    url: String,
    begun: Instant,
    up: Way,
    down: Way,
}

/// One direction.
#[derive(Debug)]
struct Way {
    bytes: AtomicU64,
    /// [`UNKNOWN`] where nobody has told.
    total: AtomicU64,
}

const UNKNOWN: u64 = u64::MAX;

/// A request that is being sent; dropped when it has ended.
#[derive(Debug)]
pub(super) struct Sending<'object>(&'object Underway, Arc<Course>);

impl Underway {
    /// The request, which tells from now on how far it is.
    pub(super) fn begin(&self, request: Request, method: &str) -> (Request, Sending<'_>) {
        let course = Arc::new(Course {
            method: method.to_owned(),
            url: history::place(request.url()),
            begun: Instant::now(),
            up: Way::new(),
            down: Way::new(),
        });
        self.list().push(Arc::clone(&course));
        let told = Arc::clone(&course);
        (request.progress(move |progress| told.tell(progress)), Sending(self, course))
    }

    /// What the property says.
    pub(super) fn tell(&self) -> Value {
        let requests: Json = self.list().iter().map(|course| course.to_json()).collect();
        Value::Text(json!({ "requests": requests }).to_string())
    }

    /// Locked for a few instructions only, never while waiting.
    fn list(&self) -> MutexGuard<'_, Vec<Arc<Course>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        let Self(underway, course) = self;
        underway.list().retain(|it| !Arc::ptr_eq(it, course));
    }
}

impl Course {
    fn tell(&self, Progress { direction, bytes, total, .. }: Progress) {
        let way = if direction == Direction::Up { &self.up } else { &self.down };
        way.total.store(total.unwrap_or(UNKNOWN), Ordering::Relaxed);
        way.bytes.store(bytes, Ordering::Relaxed);
    }

    fn to_json(&self) -> Json {
        json!({
            "method": self.method,
            "url": self.url,
            "elapsed_ms": millis(self.begun.elapsed()),
            "sent": self.up.bytes.load(Ordering::Relaxed),
            "to_send": self.up.total(),
            "received": self.down.bytes.load(Ordering::Relaxed),
            "to_receive": self.down.total(),
        })
    }
}

impl Way {
    fn new() -> Self {
        Self { bytes: AtomicU64::new(0), total: AtomicU64::new(UNKNOWN) }
    }

    fn total(&self) -> Option<u64> {
        Some(self.total.load(Ordering::Relaxed)).filter(|total| *total != UNKNOWN)
    }
}
