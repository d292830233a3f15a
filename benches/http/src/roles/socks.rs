//! A SOCKS5 proxy without a login.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::thread;

use opi_benches::Role;

pub(super) fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Role::ready(listener.local_addr().unwrap());
    for client in listener.incoming() {
        let client = client.unwrap();
        client.set_nodelay(true).unwrap();
        thread::spawn(move || drop(tunnel(client)));
    }
}

fn tunnel(mut client: TcpStream) -> std::io::Result<()> {
    let mut greeting = [0; 2];
    client.read_exact(&mut greeting)?;
    client.read_exact(&mut vec![0; usize::from(greeting[1])])?;
    client.write_all(&[5, 0])?;
    let mut head = [0; 4];
    client.read_exact(&mut head)?;
    let host = if head[3] == 3 {
        let mut length = [0];
        client.read_exact(&mut length)?;
        let mut name = vec![0; usize::from(length[0])];
        client.read_exact(&mut name)?;
        String::from_utf8_lossy(&name).into_owned()
    } else {
        let mut address = [0; 4];
        client.read_exact(&mut address)?;
        Ipv4Addr::from(address).to_string()
    };
    let mut port = [0; 2];
    client.read_exact(&mut port)?;
    let server = TcpStream::connect((host, u16::from_be_bytes(port)))?;
    server.set_nodelay(true)?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || pump(from, to));
    pump(server, client);
    Ok(())
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _gone = to.shutdown(Shutdown::Write).is_err();
}
