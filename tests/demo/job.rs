//! What the demo does, one row a job, and the answer each must have.

/// One row of the demo.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) task: Task,
    pub(crate) expected: &'static str,
}

/// What is asked of opi.
pub(crate) enum Task {
    /// Its client and its echo server, both made for this row.
    Echo,
    /// A request to a web server, and the part of the JSON answer that is shown.
    Http { ask: Ask, host: Host, way: Road, shown: &'static str },
    /// A line to an echo server that is not opi's.
    Tcp { host: Host, way: Road },
}

/// A request.
pub(crate) enum Ask {
    Form { path: &'static str, field: [&'static str; 2] },
    Get { path: &'static str, parameter: Option<[&'static str; 2]> },
}

/// Which server: names only proxies know, or the machine's own.
#[derive(Clone, Copy)]
pub(crate) enum Host {
    Local,
    LocalTls,
    Named,
    NamedTls,
}

/// The way to it.
#[derive(Clone, Copy)]
pub(crate) enum Road {
    HttpProxy,
    Socks5,
    Straight,
}

/// The line that is sent and must come back.
pub(crate) const LINE: &str = "Echo this!\n";

const fn tcp(name: &'static str, host: Host, way: Road) -> Job {
    Job { name, task: Task::Tcp { host, way }, expected: LINE }
}

const fn get(name: &'static str, host: Host, way: Road) -> Job {
    let ask =
        Ask::Get { path: "/get?kind=demo", parameter: Some(["город", "Тверь & Ко"]) };
    let task = Task::Http { ask, host, way, shown: "/args" };
    Job { name, task, expected: r#"{"kind":"demo","город":"Тверь & Ко"}"# }
}

const fn local(name: &'static str, ask: Ask, shown: &'static str, expected: &'static str) -> Job {
    let task = Task::Http { ask, host: Host::Local, way: Road::Straight, shown };
    Job { name, task, expected }
}

pub(crate) const JOBS: &[Job] = &[
    Job { name: "TCP client and echo server", task: Task::Echo, expected: LINE },
    tcp("TCP, TLS", Host::LocalTls, Road::Straight),
    tcp("TCP through SOCKS5, by name", Host::Named, Road::Socks5),
    tcp("TCP through an HTTP proxy, by name", Host::Named, Road::HttpProxy),
    tcp("TCP, TLS through SOCKS5", Host::NamedTls, Road::Socks5),
    tcp("TCP, TLS through an HTTP proxy", Host::NamedTls, Road::HttpProxy),
    get("GetJson with parameters", Host::Local, Road::Straight),
    get("GetJson, https", Host::LocalTls, Road::Straight),
    get("GetJson through an HTTP proxy", Host::Named, Road::HttpProxy),
    get("GetJson, https through SOCKS5", Host::NamedTls, Road::Socks5),
    local(
        "form post",
        Ask::Form { path: "/post", field: ["имя", "a b&c=d"] },
        "/form",
        r#"{"имя":"a b&c=d"}"#,
    ),
    local(
        "cookie session",
        Ask::Get { path: "/cookies/set?token=77", parameter: None },
        "/cookies",
        r#"{"token":"77"}"#,
    ),
    local(
        "redirect",
        Ask::Get { path: "/redirect-to?url=%2Fget%3Ffrom%3Dredirect", parameter: None },
        "/args",
        r#"{"from":"redirect"}"#,
    ),
];
