//! Rows, and how they become views.

use contracts::chats::{Chat, Document, LastMessage, Participant, Stay};
use diesel::prelude::*;
use domain::{
    ChatId, ChatKind, CompanyId, GroupId, MessageId, ParticipantRole, ParticipantState, ParticipantStatus,
    ParticipationId, TenantId, Timestamp, UserId,
};
use store::{StoreError, StoreResult};

use super::schema::{chats, participants};

/// A chat as stored, without its participants.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = chats)]
pub struct ChatRow {
    number: i64,
    pub(super) id: ChatId,
    pub(super) tenant: TenantId,
    pub(super) kind: ChatKind,
    title: Option<String>,
    detail: String,
    owner: Option<UserId>,
    creator: Option<UserId>,
    group_id: Option<GroupId>,
    version: i64,
    extras: String,
    last_message: Option<MessageId>,
    last_seq: Option<i64>,
    last_at: Option<Timestamp>,
    pub(super) active_at: Timestamp,
    pub(super) created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
    company: Option<CompanyId>,
    closed_at: Option<Timestamp>,
}

impl ChatRow {
    /// The chat with these participants, about these documents.
    pub fn with(self, mut participants: Vec<Participant>, documents: Vec<Document>) -> StoreResult<Chat> {
        let Self {
            number,
            id,
            tenant,
            kind,
            title,
            detail,
            owner,
            creator,
            group_id,
            version,
            extras,
            last_message,
            last_seq,
            last_at,
            active_at: _,
            created_at,
            updated_at,
            deleted_at,
            company,
            closed_at,
        } = self;
        let extras = serde_json::from_str(&extras).map_err(|e| StoreError::Corrupt {
            table: "chats",
            column: "extras",
            detail: format!("chat {id}: {e}"),
        })?;
        for stay in &mut participants {
            stay.state = stay.state_at(last_seq.unwrap_or(0));
        }
        let last = match (last_message, last_seq, last_at) {
            (Some(id), Some(seq), Some(at)) => Some(LastMessage { id, seq, at }),
            _ => None,
        };
        Ok(Chat {
            id,
            tenant,
            number,
            kind,
            title,
            detail,
            owner,
            creator,
            participants,
            version,
            group: group_id,
            documents,
            company,
            extras,
            last,
            created_at,
            updated_at,
            closed_at,
            deleted_at,
        })
    }
}

/// A chat to be stored. The database gives the number.
#[derive(Debug, Insertable)]
#[diesel(table_name = chats)]
pub struct NewChat<'a> {
    pub id: ChatId,
    pub tenant: TenantId,
    pub kind: ChatKind,
    pub title: Option<&'a str>,
    pub detail: &'a str,
    pub owner: Option<UserId>,
    pub creator: Option<UserId>,
    pub match_key: Option<Vec<u8>>,
    pub group_id: Option<GroupId>,
    pub version: i64,
    pub company: Option<CompanyId>,
    pub extras: &'a str,
    pub active_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What changes about a chat; `None` leaves a column as it is.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = chats)]
#[expect(clippy::option_option, reason = "the outer one says whether the column changes, the inner one is its value")]
pub struct ChatChange {
    pub kind: Option<ChatKind>,
    pub title: Option<Option<String>>,
    pub detail: Option<String>,
    pub owner: Option<UserId>,
    pub company: Option<Option<CompanyId>>,
    pub match_key: Option<Option<Vec<u8>>>,
    pub closed_at: Option<Option<Timestamp>>,
    pub deleted_at: Option<Timestamp>,
    pub version: i64,
    pub updated_at: Timestamp,
}

impl ChatChange {
    /// The next version of `chat`, nothing else changed.
    pub fn of(chat: &Chat, now: Timestamp) -> Self {
        Self {
            kind: None,
            title: None,
            detail: None,
            owner: None,
            company: None,
            match_key: None,
            closed_at: None,
            deleted_at: None,
            version: chat.version + 1,
            updated_at: now.max(chat.updated_at),
        }
    }
}

/// A stay as stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = participants)]
pub struct StayRow {
    number: i64,
    id: ParticipationId,
    pub(super) chat: ChatId,
    user_id: UserId,
    role: ParticipantRole,
    state: ParticipantState,
    closed_seq: Option<i64>,
    status: ParticipantStatus,
    position: i64,
    joined_at: Timestamp,
    joined_seq: i64,
    left_at: Option<Timestamp>,
    left_seq: Option<i64>,
    dropped_at: Option<Timestamp>,
}

impl From<StayRow> for Participant {
    fn from(
        StayRow {
            number,
            id,
            chat: _,
            user_id,
            role,
            state,
            closed_seq,
            status,
            position,
            joined_at,
            joined_seq,
            left_at,
            left_seq,
            dropped_at,
        }: StayRow,
    ) -> Self {
        Self {
            id,
            number,
            user: user_id,
            role,
            state,
            closed_seq,
            status,
            position,
            joined_at,
            joined_seq,
            left_at,
            left_seq,
            dropped_at,
        }
    }
}

impl From<StayRow> for Stay {
    fn from(row: StayRow) -> Self {
        Self { chat: row.chat, stay: row.into() }
    }
}

/// A stay to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = participants)]
pub struct NewStay {
    pub id: ParticipationId,
    pub chat: ChatId,
    pub user_id: UserId,
    pub role: ParticipantRole,
    pub state: ParticipantState,
    pub position: i64,
    pub joined_at: Timestamp,
    pub joined_seq: i64,
}
