//! Rows, and how they become views.

use contracts::bots::{Change, Department, DepartmentBot, Interaction};
use diesel::prelude::*;
use domain::{
    ChatId, DepartmentId, HandoverReason, InteractionId, InteractionState, Mood, ParticipationId, TenantId, Timestamp,
    UserId,
};
use store::{StoreError, StoreResult};

use super::schema::{department_agents, departments, interaction_changes, interactions, seats};

/// A department as stored, without its agents.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = departments)]
pub struct DepartmentRow {
    pub number: i64,
    pub id: DepartmentId,
    pub tenant: TenantId,
    pub name: String,
    pub active: bool,
    pub bot_user: Option<UserId>,
    pub bot_url: Option<String>,
    pub bot_signed: bool,
    pub bot_users: i64,
    pub bot_leaving: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl DepartmentRow {
    /// The department with these agents; `waiting` for one of them.
    pub fn with(self, agents: Vec<UserId>, waiting: i64) -> Department {
        let Self {
            number,
            id,
            tenant,
            name,
            active,
            bot_user,
            bot_url,
            bot_signed,
            bot_users: _,
            bot_leaving: _,
            created_at,
            updated_at,
        } = self;
        let bot = bot_user.zip(bot_url).map(|(user, url)| DepartmentBot { user, url, signed: bot_signed });
        Department { id, tenant, number, name, active, bot, agents, waiting, created_at, updated_at }
    }
}

/// A department to be stored. The database gives the number.
#[derive(Debug, Insertable)]
#[diesel(table_name = departments)]
pub struct NewDepartment<'a> {
    pub id: DepartmentId,
    pub tenant: TenantId,
    pub name: &'a str,
    pub active: bool,
    pub bot_signed: bool,
    pub bot_users: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What changes about a department; `None` leaves a column as it is.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = departments)]
#[expect(clippy::option_option, reason = "the outer one says whether the column changes, the inner one is its value")]
pub struct DepartmentChange {
    pub name: Option<String>,
    pub active: Option<bool>,
    pub bot_user: Option<Option<UserId>>,
    pub bot_url: Option<Option<String>>,
    pub bot_signed: Option<bool>,
    pub bot_users: Option<i64>,
    pub bot_leaving: Option<Option<UserId>>,
    pub updated_at: Timestamp,
}

impl DepartmentChange {
    /// Its bot goes.
    pub fn without_bot(leaving: Option<UserId>, updated_at: Timestamp) -> Self {
        let (bot_user, bot_url, bot_signed) = (Some(None), Some(None), Some(false));
        Self { bot_user, bot_url, bot_signed, bot_leaving: Some(leaving), ..Self::at(updated_at) }
    }

    /// Nothing but that it changed.
    pub const fn at(updated_at: Timestamp) -> Self {
        Self {
            name: None,
            active: None,
            bot_user: None,
            bot_url: None,
            bot_signed: None,
            bot_users: None,
            bot_leaving: None,
            updated_at,
        }
    }
}

/// One of a department's agents.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = department_agents)]
pub struct AgentRow {
    pub department: DepartmentId,
    pub user_id: UserId,
    pub tenant: TenantId,
    pub user_number: i64,
}

/// An interaction as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = interactions)]
pub struct InteractionRow {
    pub id: InteractionId,
    pub tenant: TenantId,
    pub chat: ChatId,
    pub state: InteractionState,
    pub user_id: Option<UserId>,
    pub department: DepartmentId,
    pub department_number: i64,
    pub start_department: DepartmentId,
    pub start_number: i64,
    pub customer: Option<UserId>,
    pub version: i64,
    pub told_version: i64,
    pub from_seq: i64,
    pub mood: Option<Mood>,
    pub tags: String,
    pub customer_key: Option<String>,
    pub note: Option<String>,
    pub extra: Option<String>,
    pub external_history: Option<String>,
    pub media_type: Option<String>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

impl InteractionRow {
    /// Whether its bot serves it.
    pub fn with_bot(&self) -> bool {
        self.state == InteractionState::Bot
    }

    /// The bot that serves the message at place `seq`.
    pub fn bot_at(&self, seq: i64) -> Option<UserId> {
        self.user_id.filter(|_| self.with_bot() && seq >= self.from_seq)
    }

    /// The interaction; `position` is its place in the queue.
    pub fn view(self, position: Option<i64>) -> StoreResult<Interaction> {
        let id = self.id;
        let corrupt = |column: &'static str| {
            move |e: serde_json::Error| StoreError::Corrupt {
                table: "interactions",
                column,
                detail: format!("interaction {id}: {e}"),
            }
        };
        Ok(Interaction {
            id,
            tenant: self.tenant,
            chat: self.chat,
            state: self.state,
            user: self.user_id,
            department: self.department,
            department_number: self.department_number,
            started_in: self.start_number,
            customer: self.customer,
            version: self.version,
            from_seq: self.from_seq,
            position,
            mood: self.mood,
            tags: serde_json::from_str(&self.tags).map_err(corrupt("tags"))?,
            customer_key: self.customer_key,
            note: self.note,
            extra: self.extra.map(|json| serde_json::from_str(&json)).transpose().map_err(corrupt("extra"))?,
            external_history: self.external_history,
            media_type: self.media_type,
            created_at: self.created_at,
            changed_at: self.changed_at,
            accepted_at: self.accepted_at,
            finished_at: self.finished_at,
        })
    }
}

/// What a change of hands changes.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = interactions, treat_none_as_null = true)]
pub struct HandsChange {
    pub state: InteractionState,
    pub user_id: Option<UserId>,
    pub department: DepartmentId,
    pub department_number: i64,
    pub version: i64,
    pub told_version: i64,
    pub from_seq: i64,
    pub changed_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// What is noted about an interaction; `None` leaves a column as it is.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = interactions)]
pub struct NotesChange {
    pub mood: Option<Mood>,
    pub tags: Option<String>,
    pub customer_key: Option<String>,
    pub note: Option<String>,
}

impl NotesChange {
    /// Whether there is anything to note; diesel refuses an empty change.
    pub const fn is_empty(&self) -> bool {
        self.mood.is_none() && self.tags.is_none() && self.customer_key.is_none() && self.note.is_none()
    }
}

/// How an interaction changed hands once.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = interaction_changes)]
pub struct ChangeRow {
    pub interaction: InteractionId,
    pub version: i64,
    pub tenant: TenantId,
    pub at: Timestamp,
    pub state: InteractionState,
    pub user_id: Option<UserId>,
    pub department: DepartmentId,
    pub from_seq: i64,
    pub by_user: Option<UserId>,
    pub why: HandoverReason,
}

impl From<ChangeRow> for Change {
    fn from(
        ChangeRow { interaction: _, version, tenant: _, at, state, user_id, department, from_seq, by_user, why }: ChangeRow,
    ) -> Self {
        Self { version, at, state, user: user_id, department, from_seq, by: by_user, why }
    }
}

/// A stay of a department's bot in a chat.
#[derive(Debug, Clone, Copy, Queryable, Selectable, Insertable)]
#[diesel(table_name = seats)]
pub struct SeatRow {
    pub participation: ParticipationId,
    pub chat: ChatId,
    pub user_id: UserId,
    pub tenant: TenantId,
}
