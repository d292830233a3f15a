//! The jobs through the add-in, loaded as 1C loads it and called by its Russian and English names.

use anyhow::{Result, bail};
use harness::addin::{Host as Platform, Object, Profile, Value};
use serde_json::{Value as Json, json};

use crate::crates::pick;
use crate::job::{Ask, Host, Job, LINE, Road, Task};
use crate::stage::Stage;

/// Does `job` and returns its answer.
pub(crate) fn run(job: &Job, stage: &Stage) -> Result<String> {
    let platform = Platform::load(Profile::Enterprise);
    match &job.task {
        Task::Echo => echo(&platform),
        Task::Http { ask, host, way, shown } => http(&platform, stage, ask, *host, *way, shown),
        Task::Tcp { host, way } => {
            let mut options = options(stage, *host, *way);
            if host.is_tls() {
                options["tls"] = true.into();
            }
            line(&platform, &stage.echo(*host), &options)
        }
    }
}

/// One object serves, another asks.
fn echo(platform: &Platform) -> Result<String> {
    let server = platform.create("TCPServer");
    let started = call(&server, "Запустить", &["127.0.0.1:0".into()])?;
    let client = platform.create("TCPClient");
    let address = started["address"].as_str().unwrap_or_default();
    call(&client, "Подключиться", &[address.into()])?;
    call(&client, "Отправить", &[Value::bytes(LINE)])?;
    let message = call(&server, "СледующееСообщение", &[5_000.into()])?;
    let data = bytes(&server, &message)?;
    let connection = message["connection"].as_str().unwrap_or_default();
    call(&server, "Отправить", &[Value::bytes(data), connection.into()])?;
    let answer = receive(&client)?;
    call(&server, "Остановить", &[])?;
    Ok(answer)
}

fn line(platform: &Platform, address: &str, options: &Json) -> Result<String> {
    let client = platform.create("TCPClient");
    call(&client, "Connect", &[address.into(), Value::json(options)])?;
    call(&client, "Send", &[LINE.into()])?;
    let answer = receive(&client)?;
    call(&client, "Close", &[])?;
    Ok(answer)
}

fn receive(client: &Object) -> Result<String> {
    let received = call(client, "Получить", &[Value::bytes("\n")])?;
    Ok(String::from_utf8(bytes(client, &received)?)?)
}

fn http(
    platform: &Platform,
    stage: &Stage,
    ask: &Ask,
    host: Host,
    way: Road,
    shown: &str,
) -> Result<String> {
    let connector = platform.create("HTTPConnector");
    call(&connector, "НоваяСессия", &[Value::json(&options(stage, host, way))])?;
    let (method, path, options) = match ask {
        Ask::Form { path, field: [name, value] } => ("POST", path, json!({"form": {*name: value}})),
        Ask::Get { path, parameter: None } => ("GET", path, json!({})),
        Ask::Get { path, parameter: Some([name, value]) } => {
            ("GET", path, json!({"query": {*name: value}}))
        }
    };
    let url = stage.url(host, path);
    let given = ["".into(), method.into(), url.as_str().into(), Value::json(&options)];
    let answer = call(&connector, "Запрос", &given)?;
    pick(&serde_json::from_slice(&bytes(&connector, &answer)?)?, shown)
}

fn options(stage: &Stage, host: Host, way: Road) -> Json {
    let mut options = json!({"proxy": stage.route(way)});
    if host.is_tls() {
        options["ca"] = stage.ca_pem().into();
    }
    options
}

/// Calls a method; a fault is an error.
fn call(object: &Object, method: &str, given: &[Value]) -> Result<Json> {
    let answer = object.call_json(method, given);
    if answer["result"] != true {
        bail!("{method}: {}", answer["error"]);
    }
    Ok(answer)
}

/// Takes the bytes that an answer names.
fn bytes(object: &Object, answer: &Json) -> Result<Vec<u8>> {
    let handle = answer["data"].as_str().unwrap_or_default();
    match object.call("ЗабратьДвоичныеДанные", &[handle.into()]) {
        Ok(Value::Bytes(bytes)) => Ok(bytes),
        other => bail!("no bytes for {handle:?}: {other:?}"),
    }
}
