//! A WebSocket: a [`Watch`] on one side, a client that speaks a surface's dialect on the other.

use std::time::Duration;

use actix_web::rt;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Closed, Session};
use async_trait::async_trait;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::live::{End, Happened, Next, Watch};
use super::{Answer, Call, Problem};

/// How often the client is asked whether it is there.
const PING: Duration = Duration::from_secs(30);
/// How long a client may be silent.
const SILENCE: Duration = Duration::from_mins(1);
/// How long one thing may take to be handed over, and the last word, behind all that is on its way.
const HANDOVER: Duration = Duration::from_secs(30);
/// See [`HANDOVER`].
const LAST_WORD: Duration = Duration::from_mins(1);
/// The largest thing a client may say. Bytes.
const LARGEST: usize = 64 << 10;

/// What is said when a client's own mistake ends the connection.
#[derive(Debug)]
pub struct Farewell {
    /// The close code.
    pub code: u16,
    /// Why, in a few words.
    pub reason: String,
}

/// How a surface speaks over a WebSocket.
#[async_trait(?Send)]
pub trait Dialect: 'static {
    /// What is said first.
    fn opened(&self, watch: &Watch) -> Vec<String>;
    /// How something that happened is said; nothing when it is not for this client.
    ///
    /// # Errors
    /// What it takes to draw it does not answer.
    async fn show(&self, happened: &Happened) -> Result<Vec<String>, Problem>;
    /// Answers what the client says.
    ///
    /// # Errors
    /// The connection is to end.
    async fn heard(&mut self, said: &str) -> Result<Vec<String>, Farewell>;
    /// What is said when nothing happens for a while. `offset`: where the connection stands.
    fn quiet(&self, offset: i64) -> Option<String>;
    /// How the end of a stream is said. `back_ms`: when to come back, for an end that asks for it.
    fn ending(&self, end: End, back_ms: u32) -> Farewell;
}

/// Makes the request a WebSocket that shows `watch` in `dialect`.
///
/// # Errors
/// The request is none for a WebSocket.
pub fn open(call: Call, watch: Watch, dialect: impl Dialect) -> Answer {
    let window_ms = call.apis.live.settings().reconnect_window_ms;
    let payload = call.payload.ok_or(Problem::Malformed)?;
    let upgraded = actix_ws::handle(&call.head.request, payload);
    let none = |_| Problem::invalid("upgrade", "this is a WebSocket: it needs `Upgrade: websocket`");
    let (response, session, stream) = upgraded.map_err(none)?;
    let stream = stream.max_frame_size(LARGEST).aggregate_continuations().max_continuation_size(LARGEST);
    rt::spawn(Socket { session, watch, dialect, window_ms, heard_at: Instant::now() }.run(stream));
    Ok(response)
}

struct Socket<D> {
    session: Session,
    watch: Watch,
    dialect: D,
    window_ms: u32,
    heard_at: Instant,
}

/// Why a connection is over.
enum Over {
    /// The client is gone.
    Gone,
    /// We say farewell.
    Said(Farewell),
}

impl<D: Dialect> Socket<D> {
    async fn run(mut self, mut stream: AggregatedMessageStream) {
        let over = match self.converse(&mut stream).await {
            Ok(never) => never,
            Err(over) => over,
        };
        let reason = match over {
            Over::Gone => None,
            Over::Said(Farewell { code, reason }) => {
                Some(CloseReason { code: CloseCode::from(code), description: Some(reason).filter(|r| !r.is_empty()) })
            }
        };
        // The seat is left and what waited for it is gone; only what is on its way stays until the client reads, or is
        // given up.
        let Self { session, watch, .. } = self;
        drop(watch);
        drop(timeout(LAST_WORD, session.close(reason)).await);
    }

    async fn converse(&mut self, stream: &mut AggregatedMessageStream) -> Result<Over, Over> {
        self.say(self.dialect.opened(&self.watch)).await?;
        let mut ping = interval(PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.reset();
        loop {
            tokio::select! {
                said = stream.recv() => match said {
                    Some(Ok(message)) => self.hear(message).await?,
                    Some(Err(_)) | None => return Ok(Over::Gone),
                },
                next = self.watch.next() => self.show(next).await?,
                _ = ping.tick() => {
                    if self.heard_at.elapsed() > SILENCE {
                        return Ok(Over::Gone);
                    }
                    let mut session = self.session.clone();
                    self.hand_over(async move { session.ping(b"").await }).await?;
                }
            }
        }
    }

    async fn show(&mut self, next: Next) -> Result<(), Over> {
        let words = match next {
            Next::Event(happened) => match self.dialect.show(&happened).await {
                Ok(words) => words,
                Err(problem) => {
                    tracing::warn!(?problem, "what happened cannot be shown; the client is to come back");
                    return Err(self.end(End::Lost));
                }
            },
            Next::Quiet(offset) => self.dialect.quiet(offset).into_iter().collect(),
            Next::End(end) => return Err(self.end(end)),
        };
        self.say(words).await
    }

    async fn hear(&mut self, message: AggregatedMessage) -> Result<(), Over> {
        self.heard_at = Instant::now();
        match message {
            AggregatedMessage::Text(said) => {
                self.watch.active();
                let answer = self.dialect.heard(&said).await.map_err(Over::Said)?;
                self.say(answer).await
            }
            AggregatedMessage::Ping(bytes) => {
                let mut session = self.session.clone();
                self.hand_over(async move { session.pong(&bytes).await }).await
            }
            AggregatedMessage::Pong(_) => Ok(()),
            AggregatedMessage::Close(_) => Err(Over::Gone),
            AggregatedMessage::Binary(_) => {
                Err(Over::Said(Farewell { code: 1003, reason: "only text is understood".to_owned() }))
            }
        }
    }

    async fn say(&mut self, words: Vec<String>) -> Result<(), Over> {
        for word in words {
            let mut session = self.session.clone();
            self.hand_over(async move { session.text(word).await }).await?;
        }
        Ok(())
    }

    /// Waits until the client takes something. One that does not is ended as soon as too much waits for it.
    async fn hand_over(&self, handing: impl Future<Output = Result<(), Closed>>) -> Result<(), Over> {
        let end = tokio::select! {
            done = timeout(HANDOVER, handing) => match done {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(_)) => return Err(Over::Gone),
                Err(_) => End::Slow,
            },
            end = self.watch.ended() => end,
        };
        Err(self.end(end))
    }

    fn end(&self, end: End) -> Over {
        Over::Said(self.dialect.ending(end, back_ms(self.window_ms)))
    }
}

/// When to come back: anywhere in the window, so that not everybody comes at once.
pub fn back_ms(window_ms: u32) -> u32 {
    rand::random_range(0..=window_ms)
}
