//! The jobs through the Rust crates, as a program that blocks would do them.

use std::time::Duration;

use anyhow::{Context, Result};
use opi::http::{Request, Session, SessionConfig};
use opi::net::Deadline;
use opi::net::tls::{Certificates, Tls, Trust};
use opi::tcp_client::{Config, Connection, Until};
use opi::tcp_server::{self, Server};
use serde_json::Value;

use crate::job::{Ask, Host, Job, LINE, Road, Task};
use crate::stage::Stage;

/// Does `job` and returns its answer.
pub(crate) fn run(job: &Job, stage: &Stage) -> Result<String> {
    match &job.task {
        Task::Echo => echo(),
        Task::Http { ask, host, way, shown } => {
            opi::net::blocking::block_on(LIMIT, http(stage, ask, *host, *way, shown))?
        }
        Task::Tcp { host, way } => {
            opi::net::blocking::block_on(LIMIT, line(config(stage, *host, *way)?))?
        }
    }
}

/// One thread serves, this one asks.
fn echo() -> Result<String> {
    opi::net::blocking::block_on(LIMIT, async {
        let server = Server::start(tcp_server::Config::new("127.0.0.1:0".parse()?))?;
        let config = Config::new(server.address().into());
        let deadline = Deadline::after(LIMIT);
        let mut connection = Connection::open(&config, &deadline).await?;
        connection.send(LINE.as_bytes(), &deadline).await?;
        let message = server.next(1024, &deadline).await?.context("the server heard nothing")?;
        server.send(message.connection, &message.data, &deadline).await?;
        let answer = connection.receive(Until::marker("\n")?, &deadline).await?;
        server.stop().await;
        Ok(String::from_utf8(answer.data.to_vec())?)
    })?
}

async fn line(config: Config) -> Result<String> {
    let deadline = Deadline::after(LIMIT);
    let mut connection = Connection::open(&config, &deadline).await?;
    connection.send(LINE.as_bytes(), &deadline).await?;
    let answer = connection.receive(Until::marker("\n")?, &deadline).await?;
    connection.close(&deadline).await?;
    Ok(String::from_utf8(answer.data.to_vec())?)
}

fn config(stage: &Stage, host: Host, way: Road) -> Result<Config> {
    let config = Config::new(stage.echo(host).parse()?).route(stage.route(way).parse()?);
    Ok(if host.is_tls() { config.tls(tls(stage)?) } else { config })
}

fn tls(stage: &Stage) -> Result<Tls> {
    Ok(Tls::new(Trust::SystemAnd(Certificates::from_pem(stage.ca_pem().as_bytes())?)))
}

async fn http(stage: &Stage, ask: &Ask, host: Host, way: Road, shown: &str) -> Result<String> {
    let config = SessionConfig::new().route(stage.route(way).parse()?).tls(tls(stage)?);
    let request = match ask {
        Ask::Form { path, field: [name, value] } => {
            Request::post(&stage.url(host, path))?.form([(*name, *value)])
        }
        Ask::Get { path, parameter } => {
            let request = Request::get(&stage.url(host, path))?;
            parameter.iter().fold(request, |request, [name, value]| request.query(name, value))
        }
    };
    let response = Session::new(config).send(request, &Deadline::after(LIMIT)).await?;
    pick(&response.json()?, shown)
}

/// The part of an answer that is shown.
pub(crate) fn pick(answer: &Value, shown: &str) -> Result<String> {
    let part = answer.pointer(shown).with_context(|| format!("no {shown} in {answer}"))?;
    Ok(part.to_string())
}

/// The time for one job.
const LIMIT: Duration = Duration::from_secs(20);
