//! Those who wait for a connection: who is next is found without a walk past those who are not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

/// Those who wait, in the order in which they came, and in a line for each key.
///
/// A line is open when who is first in it could be served if there were room for all. So the next
/// one is the oldest of those who are first in an open line, and those of a closed line, however
/// many they are, are not even looked at.
#[derive(Debug)]
pub(super) struct Queue<K, W> {
    /// By their numbers, which rise.
    waiting: BTreeMap<u64, Waiting<K, W>>,
    lines: HashMap<K, Line>,
    /// Who is first in an open line.
    heads: BTreeSet<u64>,
    next: u64,
}

#[derive(Debug)]
struct Waiting<K, W> {
    key: K,
    told: W,
}

#[derive(Debug, Default)]
struct Line {
    numbers: BTreeSet<u64>,
    is_open: bool,
}

impl<K: Clone + Eq + Hash, W> Queue<K, W> {
    pub(super) fn new() -> Self {
        Self { waiting: BTreeMap::new(), lines: HashMap::new(), heads: BTreeSet::new(), next: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Puts one at the end of the line of `key`; the number is its own.
    pub(super) fn join(&mut self, key: K, told: W) -> u64 {
        let number = self.next;
        self.next += 1;
        self.lines.entry(key.clone()).or_default().numbers.insert(number);
        self.waiting.insert(number, Waiting { key, told });
        number
    }

    pub(super) fn has_line(&self, key: &K) -> bool {
        self.lines.contains_key(key)
    }

    /// Opens or closes the line of `key`, if there is one.
    pub(super) fn set_open(&mut self, key: &K, is_open: bool) {
        let Some(line) = self.lines.get_mut(key) else { return };
        line.is_open = is_open;
        let Some(first) = line.numbers.first() else { return };
        if is_open {
            self.heads.insert(*first);
        } else {
            self.heads.remove(first);
        }
    }

    /// Who is next and waits for which key, when there is an open line.
    pub(super) fn first(&self) -> Option<(u64, &K)> {
        let number = self.heads.first()?;
        self.waiting.get(number).map(|waiting| (*number, &waiting.key))
    }

    /// Takes one out; who stood behind moves up.
    pub(super) fn leave(&mut self, number: u64) -> Option<W> {
        let Waiting { key, told } = self.waiting.remove(&number)?;
        self.heads.remove(&number);
        if let Some(line) = self.lines.get_mut(&key) {
            line.numbers.remove(&number);
            match line.numbers.first() {
                Some(first) if line.is_open => drop(self.heads.insert(*first)),
                Some(_) => {}
                None => drop(self.lines.remove(&key)),
            }
        }
        Some(told)
    }
}

#[cfg(test)]
mod tests;
