//! How interactions change hands, within a transaction that holds them: the row by compare-and-set on its version, the line
//! in the log, the event, and what bots are told of it.

use bus::Outbox;
use contracts::messages::Message;
use domain::{ChatId, DepartmentId, HandoverReason, InteractionId, InteractionState, TenantId, Timestamp, UserId};
use proto_events::{
    InteractionAccepted, InteractionChange, InteractionFinished, InteractionStarted, InteractionTransferred,
};
use store::{StoreResult, Tx};

use crate::delivery::{BotNews, Outgoing, ToBot};
use crate::store::rows::{ChangeRow, DepartmentRow, HandsChange, InteractionRow};
use crate::store::{deliveries, departments, interactions, queue};

/// To whom an interaction goes.
#[derive(Debug, Clone, Copy)]
pub enum To {
    /// A department's bot.
    Bot(UserId),
    /// The department's least busy agent, but for this one; without any it waits.
    Agents {
        /// Who is not to get it.
        not: Option<UserId>,
    },
    /// This agent.
    Agent(UserId),
}

/// Who does something, why, and from which place of the chat on.
#[derive(Debug, Clone, Copy)]
pub struct Cause {
    /// The first place of the chat that is the new owner's.
    pub from_seq: i64,
    /// Who does it.
    pub by: Option<UserId>,
    /// Why.
    pub why: HandoverReason,
    /// When.
    pub at: Timestamp,
}

/// An interaction about to start.
#[derive(Debug, Clone)]
pub struct Fresh<'d> {
    pub id: InteractionId,
    pub tenant: TenantId,
    pub chat: ChatId,
    pub department: &'d DepartmentRow,
    pub customer: Option<UserId>,
    pub extra: Option<String>,
    pub external_history: Option<String>,
    pub media_type: Option<String>,
    /// Whether `chats` needs no telling that the bot has it.
    pub told: bool,
}

/// What it takes to change hands.
#[derive(Clone)]
pub struct Moves {
    pub outbox: Outbox,
}

impl Moves {
    /// Starts an interaction; `None` if its chat has one that is not finished.
    pub async fn start(
        &self,
        tx: &mut Tx,
        out: &mut Outgoing,
        fresh: Fresh<'_>,
        to: To,
        cause: Cause,
    ) -> StoreResult<Option<InteractionRow>> {
        let Fresh { id, tenant, chat, department, customer, extra, external_history, media_type, told } = fresh;
        let (state, user_id) = self.seat(tx, department.id, to).await?;
        let row = InteractionRow {
            id,
            tenant,
            chat,
            state,
            user_id,
            department: department.id,
            department_number: department.number,
            start_department: department.id,
            start_number: department.number,
            customer,
            version: 1,
            told_version: i64::from(user_id.is_none() || (told && state == InteractionState::Bot)),
            from_seq: cause.from_seq,
            mood: None,
            tags: "[]".to_owned(),
            customer_key: None,
            note: None,
            extra,
            external_history,
            media_type,
            created_at: cause.at,
            changed_at: cause.at,
            accepted_at: None,
            finished_at: None,
        };
        if !interactions::insert(tx, &row).await? {
            return Ok(None);
        }
        self.record(tx, out, &row, cause).await?;
        Ok(Some(row))
    }

    /// The bot takes it on, unless it did.
    pub async fn accept(
        &self,
        tx: &mut Tx,
        out: &mut Outgoing,
        row: InteractionRow,
        by: Option<UserId>,
        at: Timestamp,
    ) -> StoreResult<InteractionRow> {
        if row.accepted_at.is_some() {
            return Ok(row);
        }
        let cause = Cause { from_seq: row.from_seq, by, why: HandoverReason::Accepted, at };
        let next = InteractionRow { accepted_at: Some(at.max(row.changed_at)), ..row.clone() };
        self.change(tx, out, &row, next, cause).await
    }

    /// Gives it to `department`.
    pub async fn hand(
        &self,
        tx: &mut Tx,
        out: &mut Outgoing,
        row: InteractionRow,
        department: (DepartmentId, i64),
        to: To,
        cause: Cause,
    ) -> StoreResult<InteractionRow> {
        if row.with_bot() {
            out.cancel(row.id);
        }
        let (state, user_id) = self.seat(tx, department.0, to).await?;
        let (department, department_number) = department;
        // When a bot took it on is of interest until another one gets it.
        let accepted_at = row.accepted_at.filter(|_| state != InteractionState::Bot);
        let next = InteractionRow { state, user_id, department, department_number, accepted_at, ..row.clone() };
        self.change(tx, out, &row, next, cause).await
    }

    /// What the customer said just before the end may not have been heard of here yet: their bot is told before it is told
    /// of the end. What is heard later finds the interaction finished. `last`: newest first.
    pub async fn catch_up(
        &self,
        tx: &mut Tx,
        out: &mut Outgoing,
        row: &InteractionRow,
        last: &[Message],
    ) -> StoreResult<()> {
        let theirs = |message: &Message| message.author.is_some() && message.author != row.user_id;
        let served = |message: &Message| row.bot_at(message.seq).is_some() && theirs(message);
        let said: Vec<&Message> = last.iter().filter(|m| served(m) && m.deleted_at.is_none()).collect();
        let known = deliveries::told_of(tx, row.id, said.iter().map(|message| message.id).collect()).await?;
        let told = |message: &Message| known.contains(&message.id) || out.tells(row.id, message.id);
        let unheard: Vec<&Message> = said.into_iter().rev().filter(|message| !told(message)).collect();
        for message in unheard {
            out.message(row, message, None, domain::trace::current());
        }
        Ok(())
    }

    /// Ends it. A bot whose customer did is told so, behind all else.
    pub async fn finish(
        &self,
        tx: &mut Tx,
        out: &mut Outgoing,
        row: InteractionRow,
        cause: Cause,
    ) -> StoreResult<InteractionRow> {
        if row.with_bot() {
            match cause.why {
                HandoverReason::FinishedByCustomer => out.tell(to_bot(&row, BotNews::Finished)),
                _ => out.cancel(row.id),
            }
        }
        let finished_at = Some(cause.at.max(row.changed_at));
        let next = InteractionRow { state: InteractionState::Finished, user_id: None, finished_at, ..row.clone() };
        self.change(tx, out, &row, next, cause).await
    }

    /// Who gets it.
    async fn seat(
        &self,
        tx: &mut Tx,
        department: DepartmentId,
        to: To,
    ) -> StoreResult<(InteractionState, Option<UserId>)> {
        let not = match to {
            To::Bot(user) => return Ok((InteractionState::Bot, Some(user))),
            To::Agent(user) => return Ok((InteractionState::Agent, Some(user))),
            To::Agents { not } => not,
        };
        let agent = match departments::lock(tx, department).await? {
            Some(department) if department.active => queue::least_busy(tx, department.id, not).await?,
            _ => None,
        };
        Ok(agent.map_or((InteractionState::Queued, None), |agent| (InteractionState::Agent, Some(agent))))
    }

    async fn change(
        &self,
        tx: &mut Tx,
        out: &mut Outgoing,
        old: &InteractionRow,
        next: InteractionRow,
        cause: Cause,
    ) -> StoreResult<InteractionRow> {
        let version = old.version + 1;
        let changed_at = cause.at.max(old.changed_at);
        // What there is to tell `chats` is whose it is now.
        let told = next.user_id.is_none() || (next.user_id == old.user_id && old.told_version == old.version);
        let told_version = if told { version } else { old.told_version };
        let next = InteractionRow { version, told_version, changed_at, from_seq: cause.from_seq, ..next };
        let hands = HandsChange {
            state: next.state,
            user_id: next.user_id,
            department: next.department,
            department_number: next.department_number,
            version,
            told_version,
            from_seq: next.from_seq,
            changed_at,
            accepted_at: next.accepted_at,
            finished_at: next.finished_at,
        };
        interactions::hand(tx, next.id, old.version, hands).await?;
        self.record(tx, out, &next, cause).await?;
        Ok(next)
    }

    /// Writes down how `row` came to stand, and tells it.
    async fn record(&self, tx: &mut Tx, out: &mut Outgoing, row: &InteractionRow, cause: Cause) -> StoreResult<()> {
        let Cause { by, why, .. } = cause;
        let log = ChangeRow {
            interaction: row.id,
            version: row.version,
            tenant: row.tenant,
            at: row.changed_at,
            state: row.state,
            user_id: row.user_id,
            department: row.department,
            from_seq: row.from_seq,
            by_user: by,
            why,
        };
        interactions::log(tx, &log).await?;
        if row.with_bot() && why != HandoverReason::Accepted {
            out.tell(to_bot(row, BotNews::New));
        }
        let change = InteractionChange {
            tenant: row.tenant,
            chat: row.chat,
            interaction: row.id,
            version: row.version,
            state: row.state.into(),
            user: row.user_id,
            department: row.department,
            department_number: row.department_number,
            from_seq: row.from_seq,
            customer: row.customer,
            position: queue::position(tx, row).await?,
            by,
            why: why.into(),
            at: row.changed_at,
        };
        self.tell(tx, change, why, row.changed_at).await
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        change: InteractionChange,
        why: HandoverReason,
        at: Timestamp,
    ) -> StoreResult<()> {
        match why {
            HandoverReason::Started => self.outbox.append(tx, &InteractionStarted::from(change), at).await?,
            HandoverReason::Accepted => self.outbox.append(tx, &InteractionAccepted::from(change), at).await?,
            HandoverReason::Transferred
            | HandoverReason::Taken
            | HandoverReason::Assigned
            | HandoverReason::Unreachable
            | HandoverReason::BotRemoved
            | HandoverReason::AgentGone => self.outbox.append(tx, &InteractionTransferred::from(change), at).await?,
            HandoverReason::FinishedByBot
            | HandoverReason::FinishedByCustomer
            | HandoverReason::FinishedByAgent
            | HandoverReason::ChatDeleted => self.outbox.append(tx, &InteractionFinished::from(change), at).await?,
        };
        Ok(())
    }
}

fn to_bot(row: &InteractionRow, what: BotNews) -> ToBot {
    ToBot {
        tenant: row.tenant,
        interaction: row.id,
        chat: row.chat,
        department: row.department,
        number: row.department_number,
        what,
    }
}
