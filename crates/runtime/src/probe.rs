//! `healthcheck`: a process of the same settings asks the running one whether it is ready. Images have no `curl`, and need none.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::config::Config;
use crate::context::ServerSettings;

/// How long the answer may take; readiness itself gives its checks two seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks `/readyz` at the admin listener that `config` names.
///
/// # Errors
/// When nobody answers there, or the answer is that it is not ready: then with the names of what fails.
pub fn ready(config: &Config) -> anyhow::Result<()> {
    let settings: ServerSettings = config.section("server")?;
    let listen = &settings.admin_listen;
    let address = listen.to_socket_addrs().with_context(|| format!("server.admin_listen is {listen}"))?.next();
    ask(local(address.with_context(|| format!("{listen} is no address"))?))
}

/// A server that listens everywhere is asked on this machine.
fn local(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
    }
    address
}

fn ask(address: SocketAddr) -> anyhow::Result<()> {
    let answer = || {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        // HTTP 1.0: the answer ends with the connection.
        stream.write_all(format!("GET /readyz HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        std::io::Result::Ok(text)
    };
    let text = answer().with_context(|| format!("nobody answers at {address}"))?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    ensure!(head.split(' ').nth(1) == Some("200"), "not ready: {body}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 512];
            let read = stream.read(&mut asked).unwrap();
            assert!(asked[..read].starts_with(b"GET /readyz "));
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn only_a_process_that_is_ready_passes() {
        ask(answering("HTTP/1.1 200 OK\r\n\r\n{\"status\":\"ready\"}")).unwrap();
        let refused = ask(answering("HTTP/1.1 503 Service Unavailable\r\n\r\n{\"failing\":[\"chats.database\"]}"));
        assert_eq!(refused.unwrap_err().to_string(), "not ready: {\"failing\":[\"chats.database\"]}");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let nobody = listener.local_addr().unwrap();
        drop(listener);
        assert!(ask(nobody).unwrap_err().to_string().starts_with("nobody answers"));
    }

    #[test]
    fn a_listener_on_every_address_is_asked_on_this_machine() {
        assert_eq!(local("0.0.0.0:9090".parse().unwrap()).to_string(), "127.0.0.1:9090");
        assert_eq!(local("[::]:9090".parse().unwrap()).to_string(), "[::1]:9090");
        assert_eq!(local("10.0.0.7:9090".parse().unwrap()).to_string(), "10.0.0.7:9090");
    }
}
