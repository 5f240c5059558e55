//! `POST /longpolling/poll`, stock: waits until something happens, at most 50 seconds, and answers what did. `last` is the
//! feed's offset; 0 starts with what happened just before, as the vendor's bus does.

use std::time::Duration;

use contracts::auth::AuthError;
use contracts::realtime::{ReadFeed, Seen, Touch};
use domain::{Limit, Timestamp};
use futures_util::FutureExt as _;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::args::{Args, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::events::Reader;
use super::{session, web_session, wire};
use crate::http::live::{End, Happened, Next, Wanted, Watch, Whom};
use crate::http::{Call, Problem};

pub const SIGNATURE: Signature = Signature::new("poll", &["channels", "last"], &["options"]);

/// How long a poll waits.
const WAIT: Duration = Duration::from_secs(50);
/// How far back a first poll looks. Seconds.
const RECENT_S: i64 = 50;
/// Rows of the feed a first poll looks at, and notifications of an answer.
const MOST: i64 = 200;

pub async fn poll(Asked { call, args }: Asked) -> Outcome {
    let reader = reader(&call).await?;
    here(&call, &args).await;
    let (after, since) = match args.number("last")?.filter(|last| *last > 0) {
        Some(last) => (Some(last), None),
        None => (Some(recent(&call).await?), Some(call.apis.clock.now().plus_seconds(-RECENT_S))),
    };
    // Who is there is said above: a poll without focus is no sign of life.
    let wanted = Wanted { present: None, ..Wanted::of(call.who()?, Whom::User(reader.me), after) };
    let mut watch = call.apis.live.open(wanted).await?;
    Reply::of(&wait(&call, &reader, &mut watch, since).await?)
}

async fn reader(call: &Call) -> Result<Reader, Problem> {
    let (tenant, me) = (call.who()?.tenant, session::me(call)?);
    let people = wire::people(&call.apis, tenant, std::iter::once(me)).await?;
    let uid = people.get(&me).ok_or(AuthError::Unauthenticated)?.number;
    Ok(Reader { me, uid, db: web_session::database(call, tenant).await? })
}

/// Says that the caller is there. A client without focus says so itself.
async fn here(call: &Call, args: &Args) {
    let focus = args.value("options").and_then(|options| options.get("im_presence"));
    let active = focus.is_none_or(|focus| focus.as_bool() != Some(false));
    let (Ok(who), Ok(user)) = (call.who(), session::me(call)) else { return };
    let seen = vec![Seen { tenant: who.tenant, user, active }];
    if let Err(e) = call.apis.realtime.touch(Touch { seen }).await {
        tracing::debug!(error = %e, "presence was not taken");
    }
}

/// The offset a first poll starts behind.
async fn recent(call: &Call) -> Result<i64, Problem> {
    let (tenant, user) = (call.who()?.tenant, call.who()?.user);
    let feed = call.apis.realtime.read(ReadFeed { tenant, user, after: None, limit: Limit::clamped(1) }).await?;
    Ok((feed.head - MOST).max(feed.kept_after))
}

/// The first thing that happens, and whatever stands right behind it.
async fn wait(
    call: &Call,
    reader: &Reader,
    watch: &mut Watch,
    since: Option<Timestamp>,
) -> Result<Vec<Value>, Problem> {
    let until = Instant::now() + WAIT;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let mut notifications = Vec::new();
    while notifications.len() < most {
        let next = if notifications.is_empty() {
            timeout_at(until, watch.next()).await.ok()
        } else {
            watch.next().now_or_never()
        };
        match next {
            Some(Next::Event(happened)) => notifications.extend(shown(call, reader, &happened, since).await?),
            Some(Next::Quiet(_)) => {}
            Some(Next::End(End::Revoked)) => return Err(AuthError::Unauthenticated.into()),
            Some(Next::End(_)) | None => break,
        }
    }
    Ok(notifications)
}

async fn shown(
    call: &Call,
    reader: &Reader,
    happened: &Happened,
    since: Option<Timestamp>,
) -> Result<Option<Value>, Problem> {
    if since.is_some_and(|since| happened.item.at < since) {
        return Ok(None);
    }
    reader.notification(call, &happened.item).await
}
