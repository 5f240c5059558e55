//! Streams of server-sent events, read as they come, and the posts they wait for.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::crowd::Crowd;
use crate::signals;

/// Streams opened at once.
const AT_ONCE: usize = 50;
/// What begins every text that is waited for.
const MARK: &str = "post number ";
/// How long something may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// As many open files as the system allows: every stream is one here and one there.
pub fn many_files() -> Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft < hard {
        setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    }
    ensure!(hard >= 12_000, "only {hard} files may be open; this needs 12,000");
    Ok(())
}

/// What reads and posts: one thread beside the server's.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}

/// A number that is small enough.
pub fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Open streams.
pub struct Readers {
    tasks: JoinSet<()>,
    arrivals: mpsc::UnboundedReceiver<Arrival>,
    /// Dropped when they are to end.
    _end: watch::Sender<()>,
}

/// A post's number, and when a reader had its event.
type Arrival = (u64, Instant);

/// What was measured.
pub struct Heard {
    /// How long each post took.
    pub posts_ms: Vec<f64>,
    /// From a post's beginning to its event, for each reader of it.
    pub events_ms: Vec<f64>,
    /// Events that did not come.
    pub missed: usize,
}

impl Readers {
    /// Opens `count` streams, the tokens in turn.
    pub async fn open(authority: &str, crowd: &Crowd, count: usize) -> Result<Self> {
        let (tell, arrivals) = mpsc::unbounded_channel();
        let (end, ended) = watch::channel(());
        let mut tasks = JoinSet::new();
        for first in (0..count).step_by(AT_ONCE) {
            let some = first..count.min(first + AT_ONCE);
            let streams = some.map(|n| stream(authority, &crowd.tokens[n % crowd.tokens.len()]));
            let mut opening = JoinSet::new();
            for stream in streams {
                opening.spawn(stream);
            }
            while let Some(stream) = opening.join_next().await {
                let (tell, ended) = (tell.clone(), ended.clone());
                let (stream, begun) = stream??;
                tasks.spawn(read(stream, begun, tell, ended));
            }
            signals::check()?;
        }
        Ok(Self { tasks, arrivals, _end: end })
    }

    /// Posts `rate` times a second, for `seconds`, into the chats in turn, and waits for every event.
    pub async fn listen(mut self, authority: &str, crowd: &Crowd, rate: u64, seconds: u64) -> Result<Heard> {
        let mut poster = TcpStream::connect(authority).await?;
        poster.set_nodelay(true)?;
        let posts = rate * seconds;
        let (mut begun, mut posts_ms) = (Vec::new(), Vec::new());
        let start = Instant::now();
        for n in 0..posts {
            let due = start + Duration::from_millis(n * 1000 / rate);
            sleep(due.saturating_duration_since(Instant::now())).await;
            let chat = &crowd.chats[usize::try_from(n)? % crowd.chats.len()];
            let request = crowd.post(authority, chat, &format!("{MARK}{n}."));
            let at = Instant::now();
            begun.push(at);
            poster.write_all(request.as_bytes()).await?;
            answered(&mut poster).await?;
            posts_ms.push(milliseconds(at.elapsed()));
            signals::check()?;
        }
        let recipients = crowd.tokens.len() / crowd.chats.len();
        let wanted = begun.len() * recipients;
        let mut events_ms = Vec::with_capacity(wanted);
        while events_ms.len() < wanted {
            let Ok(Some((n, at))) = timeout(PATIENCE, self.arrivals.recv()).await else { break };
            let post = begun.get(usize::try_from(n)?).context("an event of a post nobody made")?;
            events_ms.push(milliseconds(at.duration_since(*post)));
        }
        ensure!(self.tasks.try_join_next().is_none(), "a stream ended");
        Ok(Heard { posts_ms, missed: wanted - events_ms.len(), events_ms })
    }
}

/// Opens a stream and reads until it says that it is open; answers what came behind that.
fn stream(authority: &str, token: &str) -> impl Future<Output = Result<(TcpStream, String)>> + Send + use<> {
    let (authority, token) = (authority.to_owned(), token.to_owned());
    async move {
        let mut stream = timeout(PATIENCE, TcpStream::connect(&authority)).await??;
        let ask = format!(
            "GET /parlance/v1/events HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {token}\r\n\
             Accept: text/event-stream\r\n\r\n"
        );
        stream.write_all(ask.as_bytes()).await?;
        let mut text = String::new();
        while !text.contains("event: stream.opened") {
            let n = timeout(PATIENCE, read_some(&mut stream, &mut text)).await??;
            ensure!(n > 0, "the stream ended: {text}");
        }
        Ok((stream, text))
    }
}

async fn read_some(stream: &mut TcpStream, text: &mut String) -> Result<usize> {
    // Small: ten thousand of these are held by this process, too.
    let mut buffer = [0; 2048];
    let n = stream.read(&mut buffer).await?;
    text.push_str(&String::from_utf8_lossy(&buffer[..n]));
    Ok(n)
}

/// Tells of every marked text, until the stream or the measurement ends.
async fn read(
    mut stream: TcpStream,
    mut text: String,
    tell: mpsc::UnboundedSender<Arrival>,
    mut ended: watch::Receiver<()>,
) {
    loop {
        let at = Instant::now();
        while let Some((n, rest)) = number(&text) {
            if tell.send((n, at)).is_err() {
                return;
            }
            text = rest.to_owned();
        }
        // What may be the beginning of a mark stays.
        let keep = text.char_indices().rev().nth(MARK.len() + 24).map_or(0, |(at, _)| at);
        text.drain(..keep);
        tokio::select! {
            _ = ended.changed() => return,
            some = read_some(&mut stream, &mut text) => if !some.is_ok_and(|n| n > 0) { return },
        }
    }
}

/// The first marked number in `text` that is there in full, and what follows it.
fn number(text: &str) -> Option<(u64, &str)> {
    let (_, behind) = text.split_once(MARK)?;
    let (digits, rest) = behind.split_once('.')?;
    Some((digits.parse().ok()?, rest))
}

/// Reads one answer, which must be a 200.
pub async fn answered(stream: &mut TcpStream) -> Result<()> {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = timeout(PATIENCE, stream.read(&mut buffer)).await??;
        ensure!(n > 0, "the connection ended in an answer");
        answer.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if !head.starts_with("HTTP/1.1 200") {
            bail!("a post is answered {text}");
        }
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0usize) {
            return Ok(());
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_mark_counts_once_it_is_there_in_full() {
        assert_eq!(number("x post number 12. y"), Some((12, " y")));
        assert_eq!(number("post number 12"), None);
        assert_eq!(number("post numb"), None);
    }
}
