//! The flows of the demo, small: what a memory checker is run over.

use harness::addin::{Host, Value};
use serde_json::json;

use crate::setting::{bytes, connected, fails, ok, options, started};

/// Where the servers of a flow are.
pub(crate) struct Servers {
    pub(crate) tls: String,
    pub(crate) ca: String,
    pub(crate) proxy: String,
    pub(crate) http: String,
}

impl Servers {
    const NAMES: [&str; 4] = ["OPI_FLOW_TLS", "OPI_FLOW_CA", "OPI_FLOW_PROXY", "OPI_FLOW_HTTP"];

    /// What another process needs to find them.
    pub(crate) fn to_variables(&self) -> Vec<(&'static str, String)> {
        let values = [&self.tls, &self.ca, &self.proxy, &self.http].map(String::clone);
        Self::NAMES.into_iter().zip(values).collect()
    }

    pub(crate) fn from_variables() -> Self {
        let [tls, ca, proxy, http] = Self::NAMES.map(|name| std::env::var(name).unwrap());
        Self { tls, ca, proxy, http }
    }
}

pub(crate) fn all(host: &Host, servers: &Servers) {
    echo(host);
    encrypted(host, servers);
    requests(host, servers);
    mistakes(host);
    assert_eq!(host.live_blocks(), 0);
}

fn echo(host: &Host) {
    let (server, address) = started(host);
    let client = connected(host, &address);
    ok(&client, "Отправить", &["Привет\n".into()]);
    let message = ok(&server, "СледующееСообщение", &[Value::Int(20_000)]);
    let data = Value::bytes(bytes(&server, &message));
    let connection = Value::text(message["connection"].as_str().unwrap());
    ok(&server, "Отправить", &[data, connection]);
    let answer = ok(&client, "Получить", &["\n".into(), Value::Int(0), Value::Int(20_000)]);
    assert_eq!(bytes(&client, &answer), "Привет\n".as_bytes());
    ok(&server, "Остановить", &[]);
}

fn encrypted(host: &Host, servers: &Servers) {
    let client = host.create("TCPClient");
    let given = json!({ "tls": true, "ca": servers.ca, "proxy": servers.proxy, "only_ca": true });
    ok(&client, "Connect", &[servers.tls.as_str().into(), options(given)]);
    ok(&client, "Send", &["ping\n".into()]);
    let answer = ok(&client, "Receive", &["\n".into(), Value::Int(0), Value::Int(20_000)]);
    assert_eq!(bytes(&client, &answer), b"ping\n");
    ok(&client, "Close", &[]);
}

fn requests(host: &Host, servers: &Servers) {
    let session = host.create("HTTPConnector");
    let send = |method: &str, path: &str, given: serde_json::Value| {
        let url = Value::text(format!("{}{path}", servers.http));
        ok(&session, "Запрос", &["".into(), method.into(), url, options(given)])
    };
    let get = send("GET", "/get", json!({ "query": { "a": "б" }, "answer": "json" }));
    assert_eq!(get["json"]["args"]["a"], "б");
    let post = send("POST", "/post", json!({ "form": { "a": "1" }, "answer": "json" }));
    assert_eq!(post["json"]["form"]["a"], "1");
    let cookies = send("GET", "/cookies/set?k=v", json!({ "answer": "json" }));
    assert_eq!(cookies["json"]["cookies"]["k"], "v");
    assert_eq!(bytes(&session, &send("GET", "/bytes/300", json!({}))).len(), 300);
}

fn mistakes(host: &Host) {
    let client = host.create("TCPClient");
    fails(&client, "Connect", &[Value::Int(1)], "argument");
    fails(&client, "Connect", &[], "argument_count");
    fails(&client, "Send", &[Value::Wide(vec![0xD800])], "argument");
    fails(&client, "Receive", &vec![Value::Undefined; 5], "argument_count");
    client.pass_null(0);
    // Bytes that nobody takes go with the object.
    let (server, address) = started(host);
    let forgetful = connected(host, &address);
    ok(&forgetful, "Send", &["x".into()]);
    ok(&server, "NextMessage", &[Value::Int(20_000)]);
}
