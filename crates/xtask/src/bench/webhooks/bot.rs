//! A bot that answers 200 at once and notes which numbered message came when.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// What begins every text that is waited for; its number and a full stop follow.
pub const MARK: &str = "number ";

/// What came, by number.
#[derive(Default)]
pub struct Heard {
    at: Mutex<Vec<Option<Instant>>>,
    count: AtomicU64,
    /// Who waits for which: whoever is not concerned is not woken, so that waiting costs the same however many do.
    waiting: Mutex<HashMap<usize, oneshot::Sender<Instant>>>,
}

impl Heard {
    /// When message `n` came first.
    pub fn at(&self, n: usize) -> Option<Instant> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).get(n).copied().flatten()
    }

    /// Waits until message `n` comes first; answers when that was. For one that waits for it.
    pub async fn wait_for(&self, n: usize) -> Option<Instant> {
        let (tell, told) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(n, tell);
        match self.at(n) {
            Some(at) => Some(at),
            None => told.await.ok(),
        }
    }

    /// How many different messages came.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    fn note(&self, n: usize, when: Instant) {
        let mut all = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() <= n {
            all.resize(n + 1, None);
        }
        if all[n].replace(when).is_none() {
            self.count.fetch_add(1, Ordering::SeqCst);
        }
        drop(all);
        let waits = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&n);
        if let Some(waits) = waits {
            // Whoever waited may be gone.
            let _ = waits.send(when);
        }
    }
}

/// A bot at work on a port of its own.
pub struct Bot {
    /// Where it is.
    pub url: String,
    /// What came.
    pub heard: Arc<Heard>,
}

impl Bot {
    /// Starts it on `runtime`. A dead one takes calls and never answers.
    pub fn start(runtime: &Runtime, dead: bool) -> Result<Self> {
        let heard = Arc::<Heard>::default();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let url = format!("http://{}/bot", listener.local_addr()?);
        let noted = heard.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream, noted.clone(), dead));
            }
        });
        Ok(Self { url, heard })
    }
}

async fn serve(mut stream: TcpStream, heard: Arc<Heard>, dead: bool) {
    let mut buffer = Vec::with_capacity(4096);
    let mut chunk = [0; 4096];
    while let Ok(n @ 1..) = stream.read(&mut chunk).await {
        buffer.extend_from_slice(&chunk[..n]);
        while let Some((body, end)) = request(&buffer) {
            let when = Instant::now();
            if dead {
                std::future::pending::<()>().await;
            }
            if let Some(n) = number(&buffer[body..end]) {
                heard.note(n, when);
            }
            buffer.drain(..end);
            if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.is_err() {
                return;
            }
        }
    }
}

/// Where the body of the first whole request begins and ends.
fn request(buffer: &[u8]) -> Option<(usize, usize)> {
    let body = buffer.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..body]).to_ascii_lowercase();
    let length: usize = head.split("content-length: ").nth(1)?.split("\r\n").next()?.trim().parse().ok()?;
    (buffer.len() >= body + length).then_some((body, body + length))
}

fn number(body: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(body);
    let (digits, _) = text.split_once(MARK)?.1.split_once('.')?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_once_it_is_there_in_full() {
        let whole = b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nnumber 7.POST";
        let (body, end) = request(whole).unwrap();
        assert_eq!(number(&whole[body..end]), Some(7));
        assert!(request(&whole[..end - 1]).is_none());
    }
}
