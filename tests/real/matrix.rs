//! Every proxy with every kind of target and every login; each cell has an outcome of its own.

use tokio::task::JoinSet;

use crate::cells::{FAILS, To};
use crate::proxies::{PROXIES, Proxy};

/// Runs the cells that `cells` names of each proxy, all proxies at once; tells every wrong one.
async fn run(cells: fn(&'static Proxy) -> Vec<Cell>) {
    let mut running = JoinSet::new();
    for proxy in PROXIES {
        running.spawn(async move {
            let mut wrong = Vec::new();
            for cell in cells(proxy) {
                wrong.extend(cell.complaint(proxy).await);
            }
            wrong
        });
    }
    let wrong = running.join_all().await.concat();
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

struct Cell {
    login: &'static str,
    to: To,
    expected: &'static str,
    why: &'static str,
}

impl Cell {
    async fn complaint(&self, proxy: &Proxy) -> Option<String> {
        let Self { login, to, expected, why } = self;
        let config = to.config().route(proxy.route(login));
        let (code, words) = to.talk(&config).await;
        let Proxy { scheme, endpoint, options, .. } = proxy;
        let as_expected = if *expected == FAILS { code != "ok" } else { code == *expected };
        (!as_expected).then(|| {
            format!("{scheme} {endpoint}{options}, login {login:?}, to {to:?}: {code} ({words}) instead of {expected} ({why})")
        })
    }
}

#[tokio::test]
async fn the_right_login_leads_to_every_target() {
    run(|proxy| {
        let cell = |to: To| {
            let odd = proxy.odd.iter().find(|(odd, ..)| *odd == to);
            let (_, expected, why) =
                odd.copied().unwrap_or_else(|| (to, to.rule(proxy), "as all proxies"));
            Cell { login: proxy.login, to, expected, why }
        };
        To::ALL.map(cell).into()
    })
    .await;
}

#[tokio::test]
async fn a_wrong_or_missing_login_leads_nowhere() {
    run(|proxy| {
        let mut cells = Vec::new();
        for (login, code) in proxy.refused {
            for to in To::ALL {
                let told = to.is_told_before(proxy);
                let expected = if told { to.rule(proxy) } else { code };
                cells.push(Cell { login, to, expected, why: "the login is not right" });
            }
        }
        cells
    })
    .await;
}
