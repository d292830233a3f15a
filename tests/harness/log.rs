//! The capture of `tracing` events and spans as text, at every level: for tests of what logs say and must not say.

use std::{
    fmt::{self, Write},
    future::Future,
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    dispatcher::DefaultGuard,
    field::{Field, Visit},
    instrument::WithSubscriber,
    level_filters::LevelFilter,
    span,
    subscriber::Interest,
};

/// A log in memory; one line per event and per span, with all fields.
///
/// ```
/// let log = harness::LogCapture::new();
/// log.within(|| tracing::debug!(port = 80, "connected"));
/// assert!(log.text().starts_with("DEBUG "));
/// assert!(log.text().ends_with(" message=connected port=80\n"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct LogCapture {
    text: Arc<Mutex<String>>,
}

impl LogCapture {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        static STAYS: Once = Once::new();
        // It fails where a test has set one of its own, which does as well.
        STAYS.call_once(|| tracing::subscriber::set_global_default(Bystander).unwrap_or_default());
        Self::default()
    }

    /// Captures what `act` logs on this thread.
    pub fn within<T>(&self, act: impl FnOnce() -> T) -> T {
        tracing::subscriber::with_default(self.recorder(), act)
    }

    /// Captures what `future` logs, on whatever thread it runs; tasks that it spawns are not part of it.
    pub async fn around<T>(&self, future: impl Future<Output = T>) -> T {
        future.with_subscriber(self.recorder()).await
    }

    /// Captures what this thread logs until the guard is dropped: in a test on a current-thread
    /// runtime that is everything, spawned tasks included.
    #[must_use]
    pub fn on_this_thread(&self) -> DefaultGuard {
        tracing::subscriber::set_default(self.recorder())
    }

    /// What was logged so far.
    ///
    /// # Panics
    ///
    /// A thread panicked in the middle of a line.
    #[must_use]
    pub fn text(&self) -> String {
        self.text.lock().expect("no holder panics").clone()
    }

    fn recorder(&self) -> Recorder {
        Recorder { text: Arc::clone(&self.text), spans: AtomicU64::new(1) }
    }
}

struct Recorder {
    text: Arc<Mutex<String>>,
    spans: AtomicU64,
}

impl Recorder {
    fn note(&self, line: &Line) {
        let mut text = self.text.lock().expect("no holder panics");
        text.push_str(&line.0);
        text.push('\n');
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut line = Line::new(*span.metadata().level(), span.metadata().target());
        line.add("span", span.metadata().name());
        span.record(&mut line);
        self.note(&line);
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut line = Line("span".to_owned());
        values.record(&mut line);
        self.note(&line);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::new(*event.metadata().level(), event.metadata().target());
        event.record(&mut line);
        self.note(&line);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// Takes nothing, but is always asked: without it, what nobody listens to while another test begins
/// may be remembered as of no interest to anybody.
struct Bystander;

impl Subscriber for Bystander {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Line(String);

impl Line {
    fn new(level: Level, target: &str) -> Self {
        Self(format!("{level} {target}"))
    }

    fn add(&mut self, name: &str, value: impl fmt::Display) {
        // Writing to a String cannot fail.
        write!(self.0, " {name}={value}").unwrap_or_default();
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field.name(), format_args!("{value:?}"));
    }
}
