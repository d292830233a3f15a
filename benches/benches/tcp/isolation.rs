//! One peer that never reads and 50 slow ones: what the other 200 notice.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use opi_benches::{Child, Clients, Contest, Metric, Report, Sample};

pub(crate) fn run(report: &mut Report) {
    for (entrant, role) in [("opi-task", "echo opi-task"), ("opi-queue", "echo opi-queue")] {
        let name = format!("isolation_{entrant}");
        if !report.wants(&name) {
            continue;
        }
        let messages = report.size(100_000);
        let contest = Contest::new(&name, "us a message, server only")
            .measured("alone", || alone(role, messages))
            .measured("beside 51 bad peers", || beside(role, messages))
            .target("4.3", Metric::P99, "beside 51 bad peers", &["alone"], 2.0);
        report.add(&contest.run(report.rounds(5)));
    }
}

fn alone(role: &str, messages: usize) -> Sample {
    measure(&mut Child::start(role), messages)
}

fn beside(role: &str, messages: usize) -> Sample {
    let mut server = Child::start(role);
    let (address, over) = (server.address(), AtomicBool::new(false));
    let mut deaf = TcpStream::connect(address).unwrap();
    deaf.set_nonblocking(true).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| flood(&mut deaf, &over));
        scope.spawn(|| drip(address, &over));
        let sample = measure(&mut server, messages);
        over.store(true, Ordering::Relaxed);
        sample
    })
}

fn measure(server: &mut Child, messages: usize) -> Sample {
    let mut clients = Clients::connect(server.address(), 200, 64);
    let (spent, times) = server.during(|| clients.exchange(messages));
    Sample::cpu(spent, messages).with_times(times)
}

/// Sends as much as is taken and never reads.
fn flood(deaf: &mut TcpStream, over: &AtomicBool) {
    let data = vec![b'x'; 64 * 1024];
    while !over.load(Ordering::Relaxed) {
        if deaf.write(&data).is_err() {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// 50 peers that send a byte a second.
fn drip(address: SocketAddr, over: &AtomicBool) {
    let mut slow: Vec<_> = (0..50).map(|_| TcpStream::connect(address).unwrap()).collect();
    for tick in 0.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        if tick % 100 == 0 {
            slow.iter_mut().for_each(|socket| socket.write_all(b"x").unwrap());
        }
        thread::sleep(Duration::from_millis(10));
    }
}
