//! Chats by number with who takes part, for many callers at once: what each call of a surface that names chats by number asks.

use contracts::chats::Participant;
use diesel::prelude::*;
use domain::{ChatId, Limit, TenantId, UserId};
use store::{Conn, Shared, StoreResult};

use super::rows::StayRow;
use super::schema::{chats, participants};

/// Which chat, and whose stays in it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub tenant: TenantId,
    pub number: i64,
    /// `None`: everybody's.
    pub users: Option<Vec<UserId>>,
}

/// A chat and stays in it.
#[derive(Debug)]
pub struct Rolled {
    pub chat: ChatId,
    pub owner: Option<UserId>,
    /// The latest first; one more than the limit if there is one.
    pub stays: Vec<Participant>,
}

type Row = (ChatId, Option<UserId>, Option<StayRow>);

macro_rules! with_stays {
    ($one:expr, $stays:expr) => {
        chats::table
            .left_join(participants::table.on($stays))
            .filter(chats::number.eq($one.number))
            .filter(chats::tenant.eq($one.tenant))
            .filter(chats::deleted_at.is_null())
            .order(participants::number.desc())
            .select((chats::id, chats::owner, Option::<StayRow>::as_select()))
    };
}

/// The rows of one answer.
macro_rules! rows {
    ($one:expr, $limit:expr, |$query:ident| $run:expr) => {{
        let here = || participants::chat.eq(chats::id);
        match $one.users.as_deref() {
            None => {
                let $query = with_stays!($one, here()).limit($limit.plus_one());
                $run
            }
            // Whoever posts.
            Some(&[user]) => {
                let $query = with_stays!($one, here().and(participants::user_id.eq(user))).limit($limit.plus_one());
                $run
            }
            Some(users) => {
                let theirs = participants::user_id.eq_any(users.to_vec());
                let $query = with_stays!($one, here().and(theirs)).limit($limit.plus_one());
                $run
            }
        }
    }};
}

/// One answer per question, in their order; `None` where the tenant has no such living chat.
pub async fn of(conn: &Conn, asked: Vec<Asked>, limit: Limit) -> StoreResult<Vec<Option<Rolled>>> {
    match conn.shared().await {
        Shared::Pg(mut c) => {
            let mut all = Vec::with_capacity(asked.len());
            for one in asked {
                all.push(rolled(rows!(one, limit, |query| store::RunQueryDsl::load(query, &mut c).await?)));
            }
            Ok(all)
        }
        // One visit to the blocking threads.
        Shared::Sqlite(mut c) => {
            let each = move |c: &mut SqliteConnection| {
                let answer = |one: Asked| Ok(rolled(rows!(one, limit, |query| diesel::RunQueryDsl::load(query, c)?)));
                asked.into_iter().map(answer).collect()
            };
            Ok(c.spawn_blocking(move |c| c.transaction(each)).await?)
        }
    }
}

fn rolled(rows: Vec<Row>) -> Option<Rolled> {
    let [(chat, owner, _), ..] = rows[..] else { return None };
    let stays = rows.into_iter().filter_map(|(_, _, stay)| stay).map(Participant::from).collect();
    Some(Rolled { chat, owner, stays })
}
