//! Who reads what comes on a connection: one who waits for it, or else its task. No I/O.

use std::io;
use std::task::Waker;

use tokio::time::Instant;

/// Who hears the bell, and whether it rang. Who takes the ring may read, and nobody else; the bell
/// rings again only when they have found nothing more.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    pub(crate) ring: Ring,
    /// Whether somebody waits for this connection and reads for themselves.
    pub(crate) seated: bool,
    /// Who sits there, until they are called.
    reader: Option<Waker>,
    /// When the one who sits there waits no more.
    due: Option<Instant>,
    task: Option<Waker>,
    /// When the task looks at the time again.
    pub(crate) armed: Option<Instant>,
    /// How reading ended, for the task.
    pub(crate) over: Option<io::Result<()>>,
}

/// Whether there may be something to read, and for whom.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Ring {
    None,
    Reader,
    /// A new connection is looked at by its task first.
    #[default]
    Task,
}

impl Hearing {
    /// Notes that bytes have come; who is to be woken.
    pub(crate) fn ring(&mut self) -> Option<Waker> {
        let reader = self.call();
        self.ring = if reader.is_some() { Ring::Reader } else { Ring::Task };
        reader.or_else(|| self.task.clone())
    }

    /// Gives the ring to the task, which is to be woken.
    pub(crate) fn pass(&mut self) -> Option<Waker> {
        self.ring = Ring::Task;
        self.task.clone()
    }

    /// The one who sits there, to be woken.
    pub(crate) fn call(&mut self) -> Option<Waker> {
        self.due = None;
        self.reader.take()
    }

    /// Has `waker` woken by the next ring, or at `due`; whether the task has to be told of that.
    pub(crate) fn sit(&mut self, waker: &Waker, due: Instant) -> bool {
        (self.seated, self.due) = (true, Some(due));
        self.reader = Some(waker.clone());
        self.is_early()
    }

    /// Leaves the seat; a ring that was meant for it goes to the task, which is to be woken.
    pub(crate) fn leave(&mut self) -> Option<Waker> {
        self.seated = false;
        self.call();
        if self.ring == Ring::Reader { self.pass() } else { None }
    }

    /// Has the task woken by `waker`.
    pub(crate) fn served_by(&mut self, waker: &Waker) {
        if !self.task.as_ref().is_some_and(|task| task.will_wake(waker)) {
            self.task = Some(waker.clone());
        }
    }

    pub(crate) fn task(&self) -> Option<Waker> {
        self.task.clone()
    }

    /// When the one who sits there waits no more.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether that is before the task looks at the time.
    pub(crate) fn is_early(&self) -> bool {
        self.due.is_some_and(|due| self.armed.is_none_or(|armed| due < armed))
    }

    /// The one who sits there, to be woken, when they have waited long enough.
    pub(crate) fn late(&mut self, now: Instant) -> Option<Waker> {
        if self.due? <= now { self.call() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::task::Wake;
    use std::time::Duration;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    struct Two {
        hearing: Hearing,
        reader: Arc<Count>,
        task: Arc<Count>,
    }

    impl Two {
        fn new() -> Self {
            let task = Arc::new(Count::default());
            let mut hearing = Hearing { ring: Ring::None, ..Hearing::default() };
            hearing.served_by(&task.clone().into());
            Self { hearing, reader: Arc::default(), task }
        }

        fn sit(&mut self, due: Instant) -> bool {
            self.hearing.sit(&self.reader.clone().into(), due)
        }

        /// Wakes whom `choose` names; who was woken so far, the reader first.
        fn wake(&mut self, choose: impl Fn(&mut Hearing) -> Option<Waker>) -> (usize, usize) {
            if let Some(waker) = choose(&mut self.hearing) {
                waker.wake();
            }
            (self.reader.0.load(Relaxed), self.task.0.load(Relaxed))
        }
    }

    #[test]
    fn the_bell_wakes_one_who_waits_and_else_the_task() {
        let mut two = Two::new();
        assert_eq!(two.wake(Hearing::ring), (0, 1));
        assert_eq!(two.hearing.ring, Ring::Task);
        two.sit(Instant::now());
        assert_eq!(two.wake(Hearing::ring), (1, 1));
        assert_eq!(two.hearing.ring, Ring::Reader);
        // They were called already.
        assert_eq!(two.wake(Hearing::ring), (1, 2));
    }

    #[test]
    fn a_ring_that_was_not_answered_goes_to_the_task() {
        let mut two = Two::new();
        two.sit(Instant::now());
        assert_eq!(two.wake(Hearing::ring), (1, 0));
        assert_eq!(two.wake(Hearing::leave), (1, 1));
        assert_eq!((two.hearing.ring, two.hearing.seated), (Ring::Task, false));
        let mut quiet = Two::new();
        quiet.sit(Instant::now());
        assert_eq!(quiet.wake(Hearing::leave), (0, 0));
        assert_eq!(quiet.wake(Hearing::ring), (0, 1));
    }

    #[test]
    fn the_task_is_told_only_of_a_time_before_its_own() {
        let (mut two, now) = (Two::new(), Instant::now());
        let second = Duration::from_secs(1);
        assert!(two.sit(now + second));
        two.hearing.armed = Some(now + second);
        assert!(!two.sit(now + second));
        assert!(!two.sit(now + 2 * second));
        assert!(two.sit(now));
    }
}
