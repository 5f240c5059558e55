//! Just enough HTTP to ask a service of ours whether it is ready and to create a tenant.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, Result};

/// An answer: its status and its whole body.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body as text.
    pub body: String,
}

/// `GET http://{authority}{path}`.
pub fn get(authority: &str, path: &str) -> Result<Answer> {
    request("GET", authority, path, "", "")
}

/// `GET` with a bearer token.
pub fn get_as(authority: &str, path: &str, token: &str) -> Result<Answer> {
    request("GET", authority, path, &format!("Authorization: Bearer {token}\r\n"), "")
}

/// `POST` of a JSON body with a bearer token; repeating it with the same `key` does nothing twice.
pub fn post(authority: &str, path: &str, token: &str, key: &str, json: &str) -> Result<Answer> {
    let length = json.len();
    let headers = format!(
        "Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n"
    );
    request("POST", authority, path, &headers, json)
}

/// `PATCH` of a JSON body with a bearer token.
pub fn patch(authority: &str, path: &str, token: &str, json: &str) -> Result<Answer> {
    let headers = format!(
        "Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        json.len()
    );
    request("PATCH", authority, path, &headers, json)
}

/// `POST` of a JSON body with these headers.
pub fn post_with(authority: &str, path: &str, headers: &[(&str, &str)], json: &str) -> Result<Answer> {
    let mut lines = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", json.len());
    for part in headers.iter().flat_map(|(name, value)| [*name, ": ", *value, "\r\n"]) {
        lines.push_str(part);
    }
    request("POST", authority, path, &lines, json)
}

/// HTTP 1.0: the server neither chunks the body nor keeps the connection.
fn request(method: &str, authority: &str, path: &str, headers: &str, body: &str) -> Result<Answer> {
    let address = authority.to_socket_addrs()?.next().context("no address")?;
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(format!("{method} {path} HTTP/1.0\r\nHost: {authority}\r\n{headers}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&String::from_utf8_lossy(&answer)).with_context(|| format!("{authority} does not speak HTTP"))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    #[test]
    fn status_and_body_are_read() {
        let answer = super::parse("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 3\r\n\r\nbus").unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (503, "bus"));
        assert!(super::parse("AMQP").is_none());
    }
}
