//! Free ports for servers that must come back on the same one after a kill.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{secret, signals};

/// Below the range from which systems take the ports of outgoing connections (32768 and up on Linux): while a killed server is
/// down, no client's connection can land on its port.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// `count` different free ports of 127.0.0.1.
pub fn free(count: usize) -> Result<Vec<u16>> {
    let mut held: Vec<(u16, TcpListener)> = Vec::with_capacity(count);
    for _ in 0..10_000 {
        if held.len() == count {
            // The listeners close here, all at once: no port is given twice.
            return Ok(held.into_iter().map(|(port, _)| port).collect());
        }
        let port = RANGE.start + u16::from_ne_bytes(secret::bytes()?) % (RANGE.end - RANGE.start);
        held.extend(TcpListener::bind(("127.0.0.1", port)).ok().map(|listener| (port, listener)));
    }
    bail!("no free port between {} and {}", RANGE.start, RANGE.end)
}

/// Waits until nobody listens on `port` of 127.0.0.1.
pub fn wait_free(port: u16) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
        signals::check()?;
        if Instant::now() > deadline {
            bail!("port {port} is taken by another program: {error}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
