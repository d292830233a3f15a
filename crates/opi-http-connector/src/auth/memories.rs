//! What a session remembers of servers for its schemes, each server apart.

use std::sync::{Arc, Mutex, PoisonError};

use opi_auth::Memory;
use opi_proxy::Hop;

use super::Auth;
use crate::address::Origin;

/// What schemes remember of servers. The one not asked for longest is forgotten for a new one.
#[derive(Debug, Default)]
pub(crate) struct Remembered(Mutex<Vec<Entry>>);

/// Whom a scheme shows something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Server {
    Origin(Origin),
    Proxy(Hop),
}

/// A memory that requests under way share.
pub(super) type Shared = Arc<Mutex<Memory>>;

#[derive(Debug)]
struct Entry {
    server: Server,
    auth: Auth,
    memory: Shared,
}

impl Remembered {
    /// The memory of `auth` about `server`.
    pub(super) fn of(&self, server: &Server, auth: &Auth) -> Shared {
        if !auth.remembers() {
            return Shared::default();
        }
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = entries.iter().position(|it| it.server == *server && it.auth.same_as(auth));
        let entry = match found {
            Some(at) => entries.remove(at),
            None => {
                if entries.len() >= MOST {
                    entries.remove(0);
                }
                let memory = Shared::default();
                Entry { server: server.clone(), auth: auth.clone(), memory }
            }
        };
        let memory = entry.memory.clone();
        entries.push(entry);
        memory
    }
}

/// The most servers that are remembered: 256.
const MOST: usize = 256;

#[cfg(test)]
mod tests {
    use opi_auth::Login;

    use super::*;
    use crate::address;

    fn origin(url: &str) -> Server {
        Server::Origin(address::origin(&url.parse().unwrap()).unwrap())
    }

    /// Counts how often this memory was asked for.
    fn asked(remembered: &Remembered, server: &Server, auth: &Auth) -> u32 {
        let memory = remembered.of(server, auth);
        memory.lock().unwrap().with(|count: &mut u32| {
            *count += 1;
            *count
        })
    }

    #[test]
    fn each_server_and_login_has_a_memory_of_its_own() {
        let remembered = Remembered::default();
        let count = |url: &str, login: Login| asked(&remembered, &origin(url), &login.into());
        assert_eq!(count("http://h.test/", Login::digest("u", "p")), 1);
        assert_eq!(count("http://H.test:80/x", Login::digest("u", "p")), 2);
        assert_eq!(count("https://h.test/", Login::digest("u", "p")), 1);
        assert_eq!(count("http://h.test:81/", Login::digest("u", "p")), 1);
        assert_eq!(count("http://h.test/", Login::digest("u", "q")), 1);
        assert_eq!(count("http://h.test/", Login::digest("v", "p")), 1);
        assert_eq!(count("http://h.test/", Login::basic("u", "p")), 1);
        assert_eq!(count("http://h.test/", Login::basic("u", "p")), 1);
        let hop: Hop = "http://u:p@h.test:80".parse().unwrap();
        let login = Auth::from(Login::digest("u", "p"));
        assert_eq!(asked(&remembered, &Server::Proxy(hop), &login), 1);
    }

    #[test]
    fn the_server_not_asked_for_longest_is_forgotten() {
        let (remembered, login) = (Remembered::default(), Auth::from(Login::digest("u", "p")));
        let count =
            |number: usize| asked(&remembered, &origin(&format!("http://h{number}.test/")), &login);
        for number in 0..MOST {
            assert_eq!(count(number), 1);
        }
        assert_eq!(count(0), 2);
        assert_eq!(count(MOST), 1);
        assert_eq!((count(0), count(1)), (3, 1));
    }
}
