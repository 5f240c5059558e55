//! Sessions drawn for one of their users, however many they are, in a few calls: no call per session.

use std::collections::HashSet;

use contracts::chats::{Chat, Participant};
use contracts::messages::{ChatOverview, Overview, OverviewAsked};
use contracts::users::{Group, GroupKeys, GroupsBy};
use domain::{GroupId, ParticipantState, Principal, Timestamp, UserId};
use serde_json::Value;

use super::wire::{ColonKeys, Known, Seen, SessionOut, people};
use super::{presence, session};
use crate::http::{Call, Problem};

/// Chats asked for at once.
const CHATS: usize = 1000;
/// Authors asked for at once.
const AUTHORS: usize = 10_000;

/// A chat with what was said in it, for the participant who looks.
#[derive(Debug)]
pub struct Session {
    pub chat: Chat,
    pub overview: ChatOverview,
    me: UserId,
}

impl Session {
    /// When something was said last, else when it was made.
    pub fn active_at(&self) -> Timestamp {
        self.overview.last.iter().map(|m| m.created_at).max().unwrap_or(self.chat.created_at)
    }

    /// How the looker's window stands.
    pub fn state(&self) -> Option<ParticipantState> {
        self.window().map(|window| window.state_at(self.overview.last_seq))
    }

    fn window(&self) -> Option<&Participant> {
        self.chat.participant(self.me)
    }
}

/// What was said in `chats`, the newest first.
pub async fn look(call: &Call, chats: Vec<Chat>) -> Result<Vec<Session>, Problem> {
    let (tenant, me) = (call.who()?.tenant, session::me(call)?);
    let mut sessions = Vec::with_capacity(chats.len());
    for some in portions(chats, me) {
        let asked = some.iter().map(|chat| asked(chat, me)).collect();
        let overviews = call.apis.messages.overview(Overview { tenant, reader: me, chats: asked }).await?;
        sessions.extend(some.into_iter().zip(overviews).map(|(chat, overview)| Session { chat, overview, me }));
    }
    sessions.sort_by_key(|session| std::cmp::Reverse((session.active_at(), session.chat.number)));
    Ok(sessions)
}

fn asked(chat: &Chat, me: UserId) -> OverviewAsked {
    let after_seq = chat.participant(me).map_or(0, |stay| stay.joined_seq);
    OverviewAsked { chat: chat.id, after_seq, authors: chat.participants.iter().map(|stay| stay.user).collect() }
}

/// As many chats at once as may be asked for. One's own are left out that one is not in any more.
fn portions(chats: Vec<Chat>, me: UserId) -> Vec<Vec<Chat>> {
    let mut all: Vec<Vec<Chat>> = Vec::new();
    let mut authors = 0;
    for chat in chats.into_iter().filter(|chat| chat.participant(me).is_some()) {
        authors += chat.participants.len();
        match all.last_mut() {
            Some(some) if some.len() < CHATS && authors <= AUTHORS => some.push(chat),
            _ => {
                authors = chat.participants.len();
                all.push(vec![chat]);
            }
        }
    }
    all
}

/// The sessions as the vendor shows them, as JSON.
pub async fn draw(call: &Call, sessions: &[Session], typos: ColonKeys) -> Result<Vec<Value>, Problem> {
    let by = call.by()?;
    let users = || sessions.iter().flat_map(|s| s.chat.participants.iter().map(|stay| stay.user));
    let people = people(&call.apis, by.tenant, users()).await?;
    let statuses = presence::statuses(&call.apis, by.tenant, users()).await?;
    let groups = groups(call, &by, sessions).await?;
    let colon_keys = if call.apis.settings.odoo.colon_keys { typos } else { ColonKeys::default() };
    let known = Known { people: &people, groups: &groups, statuses: &statuses, colon_keys };
    let out = |session: &Session| {
        let ChatOverview { last_seq, unread, ref last, .. } = session.overview;
        let seen = Seen { window: session.window()?, last_seq, unread, last };
        serde_json::to_value(SessionOut::new(&session.chat, &seen, &known)).ok()
    };
    Ok(sessions.iter().filter_map(out).collect())
}

async fn groups(call: &Call, by: &Principal, sessions: &[Session]) -> Result<Vec<Group>, Problem> {
    let ids: HashSet<GroupId> = sessions.iter().filter_map(|session| session.chat.group).collect();
    let mut groups = Vec::new();
    for ids in ids.into_iter().collect::<Vec<_>>().chunks(1000) {
        let keys = GroupKeys::Ids(ids.to_vec());
        groups.extend(call.apis.users.groups_by(GroupsBy { tenant: by.tenant, keys }).await?);
    }
    Ok(groups)
}
