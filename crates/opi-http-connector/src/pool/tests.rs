//! The rules of the pool, without a socket.

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use opi_net::Cancel;

use super::*;

/// A connection whose health the test sets; it counts itself.
#[derive(Debug)]
struct Fake {
    name: u32,
    health: Health,
    alive: Arc<AtomicUsize>,
}

impl Pooled for Fake {
    fn check(&mut self, _context: &mut Context<'_>) -> Health {
        self.health
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Where the time in the queue is added, for those who do not look at it.
fn no_time() -> Duration {
    Duration::ZERO
}

struct Bench {
    pool: Pool<&'static str, Fake>,
    alive: Arc<AtomicUsize>,
    deadline: Deadline,
}

type Held = Lease<&'static str, Fake>;

impl Bench {
    fn new(config: PoolConfig) -> Self {
        let deadline = Deadline::after(Duration::from_secs(10));
        Self { pool: Pool::new(config), alive: Arc::default(), deadline }
    }

    /// Takes a kept connection, or opens one called `name`.
    async fn take(&self, key: &'static str, name: u32) -> Held {
        match self.pool.acquire(&key, &self.deadline, Instant::now(), &mut no_time()).await.unwrap()
        {
            Slot::Kept(lease) => lease,
            Slot::Room(room) => {
                self.alive.fetch_add(1, Ordering::SeqCst);
                room.fill(Fake { name, health: Health::Live, alive: self.alive.clone() })
            }
        }
    }

    #[track_caller]
    fn check(&self, open: usize, idle: usize, waiting: usize) {
        let stats = self.pool.stats();
        assert_eq!((stats.open, stats.idle, stats.waiting), (open, idle, waiting), "{stats:?}");
        assert_eq!(self.alive.load(Ordering::SeqCst), open, "connections alive");
    }

    fn closed(&self) -> Closed {
        self.pool.stats().closed
    }
}

/// Polls once.
async fn once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

fn most(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test]
async fn a_connection_serves_those_of_its_key_and_no_others() {
    let bench = Bench::new(PoolConfig::new());
    bench.take("a", 1).await.keep(Instant::now());
    assert_eq!(bench.take("b", 2).await.name, 2);
    let again = bench.take("a", 3).await;
    assert_eq!(again.name, 1);
    bench.check(1, 0, 0);
    let stats = bench.pool.stats();
    assert_eq!((stats.opened, stats.reused, stats.closed.spent), (2, 1, 1));
}

#[tokio::test]
async fn the_one_used_last_serves_first() {
    let bench = Bench::new(PoolConfig::new());
    let (one, two) = (bench.take("a", 1).await, bench.take("a", 2).await);
    one.keep(Instant::now());
    two.keep(Instant::now());
    assert_eq!(bench.take("a", 3).await.name, 2);
}

#[tokio::test]
async fn what_cannot_serve_again_is_found_before_it_does() {
    for (health, dead, leftover, spent) in
        [(Health::Closed, 0, 0, 1), (Health::Leftover, 0, 1, 0), (Health::Spent, 0, 0, 1)]
    {
        let bench = Bench::new(PoolConfig::new());
        let mut lease = bench.take("a", 1).await;
        lease.health = health;
        lease.keep(Instant::now());
        bench.check(0, 0, 0);
        let closed = bench.closed();
        assert_eq!((closed.dead, closed.leftover, closed.spent), (dead, leftover, spent));
        assert_eq!(closed.total(), 1);
    }
}

#[tokio::test]
async fn an_idle_connection_that_died_is_replaced_by_the_next_idle_one() {
    /// Dies once it was kept.
    struct Mortal(u32, u32);
    impl Pooled for Mortal {
        fn check(&mut self, _context: &mut Context<'_>) -> Health {
            self.1 = self.1.saturating_sub(1);
            if self.1 == 0 { Health::Closed } else { Health::Live }
        }
    }
    let (pool, deadline) = (Pool::new(PoolConfig::new()), Deadline::after(seconds(10)));
    let mut leases = Vec::new();
    for mortal in [Mortal(1, 9), Mortal(2, 2), Mortal(3, 2)] {
        let Ok(Slot::Room(room)) =
            pool.acquire(&"a", &deadline, Instant::now(), &mut no_time()).await
        else {
            panic!("no room")
        };
        leases.push(room.fill(mortal));
    }
    leases.into_iter().for_each(|lease| lease.keep(Instant::now()));
    let Ok(Slot::Kept(lease)) = pool.acquire(&"a", &deadline, Instant::now(), &mut no_time()).await
    else {
        panic!("all dead")
    };
    assert_eq!(lease.0, 1);
    let stats = pool.stats();
    assert_eq!((stats.open, stats.reused, stats.closed.dead), (1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn too_long_idle_is_closed_on_use() {
    let bench = Bench::new(PoolConfig::new().idle_limit(seconds(5)));
    bench.take("a", 1).await.keep(Instant::now());
    tokio::time::advance(Duration::from_millis(4_999)).await;
    assert_eq!(bench.take("a", 2).await.name, 1);
    let bench = Bench::new(PoolConfig::new().idle_limit(seconds(5)));
    bench.take("a", 1).await.keep(Instant::now());
    tokio::time::advance(seconds(5)).await;
    bench.check(1, 1, 0);
    // Whoever asks, whatever is too old goes.
    let _other = bench.take("b", 2).await;
    bench.check(1, 0, 0);
    assert_eq!(bench.closed().idle, 1);
}

#[tokio::test(start_paused = true)]
async fn too_old_is_closed_on_use_and_on_return() {
    let config = PoolConfig::new().max_age(seconds(5)).idle_limit(seconds(100));
    let bench = Bench::new(config);
    bench.take("a", 1).await.keep(Instant::now());
    tokio::time::advance(Duration::from_millis(4_999)).await;
    let lease = bench.take("a", 2).await;
    assert_eq!(lease.name, 1);
    tokio::time::advance(Duration::from_millis(1)).await;
    lease.keep(Instant::now());
    bench.check(0, 0, 0);
    bench.take("a", 2).await.keep(Instant::now());
    tokio::time::advance(seconds(5)).await;
    assert_eq!(bench.take("a", 3).await.name, 3);
    assert_eq!(bench.closed().aged, 2);
}

#[tokio::test]
async fn idle_ones_beyond_the_limit_give_way_the_oldest_first() {
    let bench = Bench::new(PoolConfig::new().max_idle(2));
    let leases = [bench.take("a", 1).await, bench.take("b", 2).await, bench.take("c", 3).await];
    leases.into_iter().for_each(|lease| lease.keep(Instant::now()));
    bench.check(2, 2, 0);
    assert_eq!(bench.closed().crowded, 1);
    assert_eq!(bench.take("b", 9).await.name, 2);
    let none = Bench::new(PoolConfig::new().max_idle(0));
    none.take("a", 1).await.keep(Instant::now());
    none.check(0, 0, 0);
}

#[tokio::test]
async fn an_idle_connection_of_another_gives_way_at_the_limit() {
    let bench = Bench::new(PoolConfig::new().max_open(most(2)));
    bench.take("a", 1).await.keep(Instant::now());
    let b = bench.take("b", 2).await;
    let c = bench.take("c", 3).await;
    bench.check(2, 0, 0);
    assert_eq!((b.name, c.name, bench.closed().crowded), (2, 3, 1));
}

#[tokio::test]
async fn those_who_wait_are_served_in_their_order() {
    let bench = Bench::new(PoolConfig::new().max_open_per_host(most(1)));
    let first = bench.take("a", 1).await;
    let mut second = pin!(bench.take("a", 2));
    let mut third = pin!(bench.take("a", 3));
    assert!(once(second.as_mut()).await.is_pending());
    assert!(once(third.as_mut()).await.is_pending());
    bench.check(1, 0, 2);
    // Another host has room of its own.
    drop(bench.take("b", 9).await);
    first.keep(Instant::now());
    assert!(once(third.as_mut()).await.is_pending());
    let second = second.await;
    assert_eq!(second.name, 1);
    // It cannot serve again: the next one opens its own.
    drop(second);
    assert_eq!(third.await.name, 3);
    bench.check(0, 0, 0);
}

#[tokio::test]
async fn the_limit_of_all_is_for_all_keys_and_nobody_is_passed() {
    let bench = Bench::new(PoolConfig::new().max_open(most(1)));
    let first = bench.take("a", 1).await;
    let mut other = pin!(bench.take("b", 2));
    assert!(once(other.as_mut()).await.is_pending());
    // "a" came back, but "b" came before this one.
    first.keep(Instant::now());
    let mut late = pin!(bench.take("a", 3));
    assert!(once(late.as_mut()).await.is_pending());
    let other = other.await;
    assert_eq!(other.name, 2);
    drop(other);
    assert_eq!(late.await.name, 3);
    assert_eq!(bench.closed().crowded, 1);
}

#[tokio::test]
async fn a_connection_that_could_not_be_opened_leaves_its_room() {
    let bench = Bench::new(PoolConfig::new().max_open(most(1)));
    let Ok(Slot::Room(room)) =
        bench.pool.acquire(&"a", &bench.deadline, Instant::now(), &mut no_time()).await
    else {
        panic!("no room")
    };
    let mut waiting = pin!(bench.take("a", 2));
    assert!(once(waiting.as_mut()).await.is_pending());
    drop(room);
    assert_eq!(waiting.await.name, 2);
    assert_eq!(bench.closed().total(), 1);
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_with_the_deadline_and_says_so() {
    let bench = Bench::new(PoolConfig::new().max_open(most(1)));
    let lease = bench.take("a", 1).await;
    let error = bench
        .pool
        .acquire(&"a", &Deadline::after(seconds(3)), Instant::now(), &mut no_time())
        .await
        .unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Queue)));
    bench.check(1, 0, 0);
    let cancel = Cancel::new();
    cancel.cancel();
    let cancelled = Deadline::after(seconds(3)).or_cancelled(&cancel);
    let error =
        bench.pool.acquire(&"a", &cancelled, Instant::now(), &mut no_time()).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("cancelled", Some(Phase::Queue)));
    lease.keep(Instant::now());
    bench.check(1, 1, 0);
}

#[tokio::test]
async fn one_who_gives_up_leaves_the_queue_and_takes_nothing_along() {
    let bench = Bench::new(PoolConfig::new().max_open(most(1)));
    let lease = bench.take("a", 1).await;
    {
        let mut waiting = pin!(bench.take("a", 2));
        assert!(once(waiting.as_mut()).await.is_pending());
        bench.check(1, 0, 1);
    }
    bench.check(1, 0, 0);
    {
        // Given, and never fetched.
        let mut waiting = pin!(bench.take("a", 2));
        assert!(once(waiting.as_mut()).await.is_pending());
        lease.keep(Instant::now());
    }
    bench.check(1, 1, 0);
    assert_eq!(bench.take("a", 3).await.name, 1);
}

#[tokio::test]
async fn the_queue_has_a_limit() {
    let bench = Bench::new(PoolConfig::new().max_open(most(1)).max_waiting(1));
    let _lease = bench.take("a", 1).await;
    let mut waiting = pin!(bench.take("a", 2));
    assert!(once(waiting.as_mut()).await.is_pending());
    let error = bench
        .pool
        .acquire(&"a", &bench.deadline, Instant::now(), &mut no_time())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::PoolFull, "http_pool_full"));
    bench.check(1, 0, 1);
}

#[tokio::test]
async fn idle_ones_are_closed_on_request() {
    let bench = Bench::new(PoolConfig::new());
    let (one, two) = (bench.take("a", 1).await, bench.take("b", 2).await);
    one.keep(Instant::now());
    bench.pool.close_idle();
    bench.check(1, 0, 0);
    assert_eq!(bench.closed().on_request, 1);
    two.keep(Instant::now());
    bench.check(1, 1, 0);
}

/// Many threads take and give back as they come; nothing is lost and no limit is passed.
#[test]
fn the_books_are_right_whoever_comes() {
    let config = PoolConfig::new().max_open(most(3)).max_open_per_host(most(2)).max_idle(2);
    let bench = Arc::new(Bench::new(config));
    let threads: Vec<_> = (0..8_u32)
        .map(|thread| {
            let bench = bench.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.unwrap().block_on(churn(&bench, thread));
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let stats = bench.pool.stats();
    assert_eq!((stats.waiting, stats.open), (0, stats.idle));
    assert_eq!(stats.opened, stats.closed.total() + stats.open as u64);
    assert_eq!(bench.alive.load(Ordering::SeqCst), stats.open);
    bench.pool.close_idle();
    bench.check(0, 0, 0);
}

async fn churn(bench: &Bench, thread: u32) {
    for turn in 0..300 {
        let key = ["a", "b", "c"][(thread + turn) as usize % 3];
        let mut lease = bench.take(key, turn).await;
        let stats = bench.pool.stats();
        assert!(stats.open <= 3, "{stats:?}");
        if turn % 5 == 0 {
            tokio::task::yield_now().await;
        }
        match turn % 4 {
            0 => drop(lease),
            1 => {
                lease.health = Health::Leftover;
                lease.keep(Instant::now());
            }
            _ => lease.keep(Instant::now()),
        }
    }
}
