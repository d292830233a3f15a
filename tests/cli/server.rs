//! A command that listens, started and waited for.

use std::net::SocketAddr;

use serde_json::Value;

use crate::command::{Opi, Running};

/// Starts `opi tcp COMMAND`, with `--json`, and brings the address it listens on.
pub(crate) async fn start(command: &[&str]) -> (Running, SocketAddr) {
    let mut running = Opi::new(&[&["tcp"], command, &["--json"]].concat()).start();
    let event = event(&mut running, "listening").await;
    let address = event["address"].as_str().unwrap().parse().unwrap();
    (running, address)
}

/// The result of the next event, which is called `name`.
pub(crate) async fn event(running: &mut Running, name: &str) -> Value {
    let mut envelope: Value = serde_json::from_str(&running.first_line().await).unwrap();
    assert_eq!(envelope["opi"], 1);
    assert_eq!(envelope["result"]["event"], name, "{envelope}");
    let mut result = envelope["result"].take();
    if envelope["ok"] == false {
        result["error"] = envelope["error"].take();
    }
    result
}
