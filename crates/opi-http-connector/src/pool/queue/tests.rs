//! Who waits is served in order, at a cost that does not grow with those who wait.

use std::cell::Cell;
use std::collections::HashMap;
use std::hash::Hasher;
use std::num::NonZeroUsize;

use tokio::time::Instant;

use super::*;
use crate::PoolConfig;
use crate::pool::state::{Asked, Given, Held, Member, State};
use crate::pool::stats::Reason;

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// A key of which every look counts.
#[derive(Debug)]
struct Key(usize);

fn step() {
    STEPS.set(STEPS.get() + 1);
}

impl Clone for Key {
    fn clone(&self) -> Self {
        step();
        Self(self.0)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        step();
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        step();
        self.0.hash(state);
    }
}

/// The books, and beside them what a walk through all who wait would find.
struct Bench {
    books: State<Key, (), usize>,
    limits: [usize; 2],
    /// Who waits, by the number that the queue gave, and for which key.
    waiting: Vec<(u64, usize)>,
    /// Lent and idle connections, by key.
    lent: HashMap<usize, usize>,
    idle: Vec<usize>,
    most_steps: usize,
}

impl Bench {
    fn new(max_open: usize, max_open_per_host: usize) -> Self {
        let [all, one] = [max_open, max_open_per_host].map(|it| NonZeroUsize::new(it).unwrap());
        let config = PoolConfig::new().max_open(all).max_open_per_host(one).max_waiting(usize::MAX);
        Self {
            books: State::new(config),
            limits: [max_open, max_open_per_host],
            waiting: Vec::new(),
            lent: HashMap::new(),
            idle: Vec::new(),
            most_steps: 0,
        }
    }

    /// Asks for `key`, and waits when nothing is free.
    fn ask(&mut self, key: usize) {
        match self.books.ask(&Key(key), Instant::now(), &mut Vec::new()) {
            Asked::Given(given) => self.lend(key, &given),
            Asked::Busy => {
                let number = self.books.wait(&Key(key), key).unwrap();
                self.waiting.push((number, key));
            }
        }
    }

    /// Notes what was lent; an idle one of another key may have given way.
    fn lend(&mut self, key: usize, given: &Given<Key, ()>) {
        match given {
            Given::Kept(_) => {
                let at = self.idle.iter().rposition(|idle| *idle == key).unwrap();
                self.idle.remove(at);
            }
            Given::Room(_) if self.open() == self.limits[0] => drop(self.idle.remove(0)),
            Given::Room(_) => {}
        }
        *self.lent.entry(key).or_default() += 1;
    }

    fn open(&self) -> usize {
        self.lent.values().sum::<usize>() + self.idle.len()
    }

    fn could_have(&self, key: usize) -> bool {
        let idle = self.idle.iter().filter(|idle| **idle == key).count();
        let open = self.lent.get(&key).copied().unwrap_or_default() + idle;
        let room = self.open() < self.limits[0] || !self.idle.is_empty();
        idle > 0 || (open < self.limits[1] && room)
    }

    /// Ends the loan of a connection of `key`, if there is one, and serves whom that lets.
    fn give_back(&mut self, key: usize, closed: bool) {
        let Some(lent) = self.lent.get_mut(&key).filter(|lent| **lent > 0) else { return };
        *lent -= 1;
        STEPS.set(0);
        if closed {
            self.books.closed(&Key(key), Reason::Spent);
        } else {
            self.idle.push(key);
            let returned = Instant::now();
            let held = Box::new(Held { connection: (), opened: returned, returned });
            self.books.put(Member { key: Key(key), held });
        }
        loop {
            let served = self.books.next(&mut Vec::new());
            self.most_steps = self.most_steps.max(STEPS.replace(0));
            let could: Vec<_> = (0..KEYS).map(|key| self.could_have(key)).collect();
            let next = self.waiting.iter().position(|(_, key)| could[*key]);
            assert_eq!(served.as_ref().map(|it| it.0), next.map(|at| self.waiting[at].1));
            let (Some((key, given)), Some(at)) = (served, next) else { return };
            self.waiting.remove(at);
            self.lend(key, &given);
        }
    }

    fn leave(&mut self, at: usize) {
        self.books.leave(self.waiting.remove(at).0);
        assert_eq!(self.books.stats().waiting, self.waiting.len());
    }
}

const WAITING: usize = 10_000;
const KEYS: usize = 5;

/// What a return may cost: looks into a few tables, whoever waits.
const FEW: usize = 40;

#[track_caller]
fn check(limits: [usize; 2], key: fn(usize) -> usize, leaves: fn(usize) -> bool) {
    let mut bench = Bench::new(limits[0], limits[1]);
    (0..3).for_each(|key| bench.ask(key));
    (0..WAITING).for_each(|number| bench.ask(key(number)));
    for at in (0..bench.waiting.len()).rev().filter(|at| leaves(*at)) {
        bench.leave(at);
    }
    let mut turn = 0;
    while !bench.waiting.is_empty() {
        bench.give_back(turn % 3, turn % 2 == 0);
        turn += 1;
    }
    assert_eq!(bench.books.stats().waiting, 0);
    assert!(bench.most_steps <= FEW, "{} steps for one return", bench.most_steps);
}

#[test]
fn a_return_costs_the_same_however_many_wait() {
    let nobody = |_| false;
    // All wait for their host.
    check([3, 1], |number| number % 3, nobody);
    // All wait for the limit of all.
    check([1, 1], |number| number % 3, nobody);
    // The third key's stand behind all others.
    check([3, 1], |number| number * 3 / WAITING, nobody);
    // Most have left.
    check([3, 1], |number| number % 3, |at| at % 10 > 0);
    check([2, 2], |number| number * 3 / WAITING, |at| at % 10 > 0);
}

#[test]
fn whatever_happens_the_oldest_is_served_who_can_be() {
    for seed in 1..200_u64 {
        let mut bench = Bench::new(1 + seed as usize % 4, 1 + seed as usize % 3);
        let mut chance = seed;
        for _ in 0..200 {
            // The generator of Knuth's MMIX; its upper bits are the random ones.
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed | 1);
            let [what, key] = [chance >> 60, chance >> 40].map(|bits| bits as usize);
            match what % 8 {
                0..4 => bench.ask(key % KEYS),
                4 => bench.give_back(key % KEYS, true),
                5 | 6 => bench.give_back(key % KEYS, false),
                _ if bench.waiting.is_empty() => {}
                _ => bench.leave(key % bench.waiting.len()),
            }
        }
    }
}
