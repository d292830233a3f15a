//! The places that a server has for connections: how many in all, and how many for each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::config::{Admission, Refusal};

/// Counts the connections of a server, those in a handshake included.
#[derive(Debug)]
pub(crate) struct Places {
    limit: usize,
    limit_per_address: usize,
    taken: Mutex<Taken>,
    /// Told when a place becomes free.
    pub(crate) freed: Notify,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
    accepted: u64,
    refused: u64,
}

/// A place of a connection, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    address: Option<IpAddr>,
}

/// How many connections a server took and refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    pub(crate) taken: usize,
}

impl Places {
    pub(crate) fn new(admission: &Admission) -> Arc<Self> {
        Arc::new(Self {
            limit: admission.max_connections,
            limit_per_address: admission.max_per_address,
            taken: Mutex::new(Taken::default()),
            freed: Notify::new(),
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for somebody whose address is not known yet.
    pub(crate) fn take(self: &Arc<Self>) -> Result<Place, Refusal> {
        let mut taken = self.taken();
        if taken.all >= self.limit {
            return Err(Refusal::Full);
        }
        taken.all += 1;
        Ok(Place { places: self.clone(), address: None })
    }

    /// Whether the peer at `address` may have one place more.
    pub(crate) fn check(&self, address: IpAddr) -> Result<(), Refusal> {
        match self.taken().by_address.get(&address.to_canonical()) {
            Some(count) if *count >= self.limit_per_address => Err(Refusal::AddressFull),
            _ => Ok(()),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.taken().all >= self.limit
    }

    pub(crate) fn accepted(&self) {
        self.taken().accepted += 1;
    }

    pub(crate) fn refused(&self) {
        self.taken().refused += 1;
    }

    pub(crate) fn counts(&self) -> Counts {
        let taken = self.taken();
        Counts { accepted: taken.accepted, refused: taken.refused, taken: taken.all }
    }
}

impl Place {
    /// Gives the place to the peer at `address`.
    pub(crate) fn name(mut self, address: IpAddr) -> Result<Self, Refusal> {
        let address = address.to_canonical();
        let mut taken = self.places.taken();
        let count = taken.by_address.entry(address).or_default();
        if *count >= self.places.limit_per_address {
            drop(taken);
            return Err(Refusal::AddressFull);
        }
        *count += 1;
        drop(taken);
        self.address = Some(address);
        Ok(self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        if let Some(address) = self.address
            && let Some(count) = taken.by_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                taken.by_address.remove(&address);
            }
        }
        drop(taken);
        self.places.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(max_connections: usize, max_per_address: usize) -> Arc<Places> {
        Places::new(&Admission { max_connections, max_per_address, ..Admission::default() })
    }

    #[test]
    fn the_limit_is_exact_and_a_dropped_place_is_free() {
        let places = places(2, 9);
        let (one, two) = (places.take().unwrap(), places.take().unwrap());
        assert_eq!(places.take().unwrap_err(), Refusal::Full);
        assert!(places.is_full());
        drop(one);
        assert!(places.take().is_ok());
        drop(two);
        assert_eq!(places.counts().taken, 0);
    }

    #[test]
    fn each_address_has_a_limit_of_its_own_and_nothing_is_remembered() {
        let places = places(9, 1);
        let home: IpAddr = "127.0.0.1".parse().unwrap();
        let one = places.take().unwrap().name(home).unwrap();
        let mapped = "::ffff:127.0.0.1".parse().unwrap();
        assert_eq!(places.check(mapped).unwrap_err(), Refusal::AddressFull);
        assert_eq!(places.take().unwrap().name(mapped).unwrap_err(), Refusal::AddressFull);
        let other = places.take().unwrap().name("127.0.0.2".parse().unwrap()).unwrap();
        drop((one, other));
        assert!(places.taken().by_address.is_empty());
        assert!(places.take().unwrap().name(home).is_ok());
    }
}
