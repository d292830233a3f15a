//! The task of one connection: reads, writes what is queued, watches the time, and ends it.

mod reading;
mod watch;

use std::future::pending;
use std::sync::Arc;

use tokio::time::Instant;

use self::reading::read;
use self::watch::watch;
use crate::End;
use crate::connection::Connection;
use crate::hub::Hub;
use crate::race::first;

/// Serves a connection until nothing more comes or goes, and what came was taken.
pub(crate) async fn serve(connection: Arc<Connection>, hub: Arc<Hub>) {
    let mut unserved = Unserved(Some(&connection));
    let write = hub.config.times.write;
    let end = {
        let reading = receive(&connection, &hub);
        let writing = first(connection.closing(), connection.serve_queue(write));
        first(writing, reading).await
    };
    connection.ended(end);
    hub.inbox.ready(&connection);
    unserved.0 = None;
    connection.farewell(write).await;
    told(&connection, &hub).await;
    hub.forget(&connection);
}

/// Tells those who wait for a connection that its task reads and watches no more.
struct Unserved<'a>(Option<&'a Connection>);

impl Drop for Unserved<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.0 {
            connection.ended(End::Stopped);
        }
    }
}

/// Receives until the connection has to end; after the peer's end its bytes are still taken and
/// answered.
async fn receive(connection: &Connection, hub: &Hub) -> End {
    let end = first(read(connection, hub), watch(connection, &hub.config)).await;
    if end != End::PeerFinished {
        return end;
    }
    connection.ended(end);
    hub.inbox.ready(connection);
    taken(connection).await;
    hub.over(connection.id);
    first(linger(connection, hub), broken(connection)).await
}

/// Waits until what came was taken.
async fn taken(connection: &Connection) {
    wait(connection, || !connection.state().unread.ready()).await;
}

/// Waits until what came was taken and the end is told, if it has to be; a connection that is not
/// in the list any more has nothing to wait for.
async fn told(connection: &Connection, hub: &Hub) {
    let listed = || hub.inbox.get(connection.id).is_some();
    wait(connection, || !connection.state().unread.ready() || !listed()).await;
    hub.over(connection.id);
    let told = wait(connection, || !connection.state().notice || !listed());
    let _untold = tokio::time::timeout(hub.config.times.linger, told).await.is_err();
}

/// Waits until `done`, which is asked whenever bytes or the end were taken.
async fn wait(connection: &Connection, done: impl Fn() -> bool) {
    loop {
        let room = connection.room.notified();
        connection.state().waits = true;
        if done() {
            return;
        }
        room.await;
    }
}

/// Leaves time to answer a peer that has finished sending.
async fn linger(connection: &Connection, hub: &Hub) -> End {
    let over = wait(connection, || !connection.state().can_write);
    // Either end is fine: the answer was finished, or nobody answered in time.
    first(over, silence(connection, hub)).await;
    End::PeerFinished
}

/// Completes when nothing has gone for the time of a linger, and nothing is on its way.
async fn silence(connection: &Connection, hub: &Hub) {
    let (limit, begun) = (hub.config.times.linger, Instant::now());
    loop {
        connection.answered().await;
        // Its place may be given away from here on.
        hub.over(connection.id);
        let active = connection.state().active.max(begun);
        let left = limit.saturating_sub(active.elapsed());
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left).await;
    }
}

/// Completes when a peer that has finished breaks the connection off.
async fn broken(connection: &Connection) -> End {
    connection.wire.broken().await;
    End::PeerReset
}

/// Never completes.
async fn never<T>() -> T {
    pending().await
}
