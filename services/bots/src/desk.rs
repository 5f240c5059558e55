//! What events mean for interactions: the ones of a batch's chats, held while it is applied, and the rules by which they
//! start, change hands and end without being asked to.
//!
//! A department's bot that takes part in a chat serves it: its coming starts an interaction, and so does what the customer
//! says after one is finished. What an agent says takes over from the bot, and from the queue.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::anyhow;
use bus::Failure;
use contracts::chats::{Participant, Snapshot};
use domain::{ChatId, ChatKind, HandoverReason, InteractionId, InteractionState, Role, TenantId, Timestamp, UserId};
use host::erase;
use proto_events::MessagePosted;
use store::{StoreResult, Tx};
use tokio::try_join;

use crate::consumer::{ChatNews, Fact, Heard, chats_of};
use crate::delivery::Outgoing;
use crate::known::{Answer, Calm, Known};
use crate::moves::{Cause, Fresh, Moves, To};
use crate::store::rows::{DepartmentRow, InteractionRow, SeatRow};
use crate::store::{departments, interactions, seats};

/// The interactions of a batch's chats, as they stand after what was heard so far.
pub struct Desk<'k> {
    known: &'k Known,
    moves: Moves,
    now: Timestamp,
    heard: Heard<'k>,
    open: HashMap<ChatId, InteractionRow>,
    seats: HashMap<ChatId, Vec<SeatRow>>,
    /// Departments by their bots.
    bots: HashMap<UserId, DepartmentRow>,
    moved: bool,
}

impl<'k> Desk<'k> {
    /// What is known of the chats of these facts.
    pub async fn load(
        tx: &Tx,
        known: &'k Known,
        moves: Moves,
        facts: &[(TenantId, Fact)],
        now: Timestamp,
    ) -> StoreResult<Self> {
        let chats = chats_of(facts);
        let mut users: Vec<UserId> = facts.iter().flat_map(|(_, fact)| fact.newcomers().iter().copied()).collect();
        for chat in &chats {
            if let Some(Answer::Snapshot(snapshot)) = known.answer(*chat) {
                users.extend(snapshot.chat.participants.iter().map(|p| p.user));
            }
        }
        users.sort_unstable();
        users.dedup();
        let (open, seats, bots, seated) = try_join!(
            interactions::lock_open(tx, chats.clone()),
            seats::of(tx, chats.clone()),
            departments::of_bots(tx, users),
            departments::of_seats(tx, chats),
        )?;
        let bots = bots.into_iter().chain(seated).filter_map(|row| Some((row.bot_user?, row))).collect();
        Ok(Self { known, moves, now, heard: Heard::new(known), open, seats, bots, moved: false })
    }

    /// The interaction of a chat that is not finished.
    pub fn serving(&self, chat: ChatId) -> Option<&InteractionRow> {
        self.open.get(&chat)
    }

    /// Up to which versions chats were heard of, and whether anything changed hands.
    pub fn done(self) -> (HashMap<ChatId, i64>, bool) {
        (self.heard.into_versions(), self.moved)
    }

    /// How these chats stand; `None` where a bot serves nobody.
    pub fn calm(&self, chats: Vec<ChatId>) -> HashMap<ChatId, Option<Calm>> {
        let of = |chat: &ChatId| match self.open.get(chat) {
            Some(row) => Some(Calm::Served { user: row.user_id, customer: row.customer }),
            None => (!self.seats.contains_key(chat)).then_some(Calm::NoBot),
        };
        chats.into_iter().map(|chat| (chat, of(&chat))).collect()
    }

    /// Applies one event.
    ///
    /// # Errors
    /// Others could not be asked yet, or the store's.
    pub async fn hear(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        tenant: TenantId,
        fact: &Fact,
    ) -> Result<(), Failure> {
        match fact {
            Fact::Chat { chat, version, change } => self.chat(tx, out, *chat, *version, change).await,
            Fact::Posted(event) => self.posted(tx, out, event).await,
            Fact::UserDeleted(user) => self.gone(tx, out, tenant, *user).await,
            Fact::TenantDeleted => Ok(erase::ask(tx, tenant, self.now).await?),
            Fact::Edited(_)
            | Fact::Deleted(_)
            | Fact::Read(_)
            | Fact::Moved(..)
            | Fact::RoomDropped(..)
            | Fact::WebhookDisabled(_)
            | Fact::Presence(_)
            | Fact::Nothing => Ok(()),
        }
    }

    async fn chat(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        chat: ChatId,
        version: i64,
        change: &ChatNews,
    ) -> Result<(), Failure> {
        if self.heard.of(chat, version) {
            return Ok(());
        }
        let newcomers = match change {
            ChatNews::Created(users) => users.as_slice(),
            ChatNews::Added(user, _) => std::slice::from_ref(user),
            ChatNews::Updated | ChatNews::Deleted | ChatNews::Removed(..) => &[],
        };
        let here = self.open.contains_key(&chat) || self.seats.contains_key(&chat);
        if !here && !newcomers.iter().any(|user| self.bots.contains_key(user)) {
            self.heard.pass(chat, version);
            return Ok(());
        }
        self.renew(tx, out, chat, version, None).await
    }

    /// Brings what is known of a chat up to `version`. `seq`: the message by which that became necessary.
    async fn renew(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        chat: ChatId,
        version: i64,
        seq: Option<i64>,
    ) -> Result<(), Failure> {
        match self.known.answer(chat).filter(|answer| answer.is_of(version)) {
            Some(Answer::Snapshot(snapshot)) => {
                self.see(tx, out, &snapshot, seq).await?;
                self.heard.note(chat, snapshot.chat.version);
                Ok(())
            }
            // The chat went with its tenant: what is left here goes, too.
            Some(Answer::Gone) => Ok(()),
            None => Err(Failure::retry(anyhow!("chat {chat} is not known as of version {version} yet"))),
        }
    }

    /// A chat as it is.
    async fn see(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        snapshot: &Arc<Snapshot>,
        seq: Option<i64>,
    ) -> Result<(), Failure> {
        let chat = &snapshot.chat;
        let known = self.seats.remove(&chat.id).unwrap_or_default();
        let there = |seat: &SeatRow| chat.participants.iter().any(|p| p.id == seat.participation);
        let (stayed, left): (Vec<SeatRow>, Vec<SeatRow>) = known.into_iter().partition(there);
        seats::leave(tx, left.iter().map(|seat| seat.participation).collect()).await?;
        let is_new = |p: &&Participant| stayed.iter().all(|seat| seat.participation != p.id);
        let bots = chat.participants.iter().filter(|p| self.bots.contains_key(&p.user));
        let came: Vec<Participant> = bots.filter(is_new).cloned().collect();
        let mut seated = stayed;
        for p in &came {
            let seat = SeatRow { participation: p.id, chat: chat.id, user_id: p.user, tenant: chat.tenant };
            seats::take(tx, seat).await?;
            seated.push(seat);
        }
        if !seated.is_empty() {
            self.seats.insert(chat.id, seated);
        }
        self.losses(tx, out, snapshot).await?;
        let idle = chat.deleted_at.is_none() && !self.open.contains_key(&chat.id);
        let Some(first) = came.first().filter(|_| idle) else { return Ok(()) };
        // Whoever makes a support chat starts its first interaction.
        if chat.kind == ChatKind::Support && interactions::last_of(tx, chat.id).await?.is_none() {
            return Ok(());
        }
        let from_seq = seq.unwrap_or(first.joined_seq + 1);
        let customer = self.customer(snapshot)?;
        Ok(self.start(tx, out, chat.tenant, chat.id, &came, customer, from_seq).await?)
    }

    /// Who is not there any more, for the interaction of the chat.
    async fn losses(&mut self, tx: &mut Tx, out: &mut Outgoing, snapshot: &Snapshot) -> Result<(), Failure> {
        let chat = &snapshot.chat;
        let Some(row) = self.open.get(&chat.id) else { return Ok(()) };
        // Whoever left since it is theirs; who is still to be added never did.
        let left = |user: UserId, since: Timestamp| {
            let gone = snapshot.past.iter().filter(|stay| stay.user == user && chat.participant(user).is_none());
            gone.filter(|stay| stay.left_at.is_some_and(|at| at >= since)).filter_map(|stay| stay.left_seq).max()
        };
        let closed = chat.closed_at.is_some_and(|at| at > row.changed_at);
        let end = row.from_seq;
        if chat.deleted_at.is_some() {
            return Ok(self.finish(tx, out, chat.id, HandoverReason::ChatDeleted, end).await?);
        }
        if closed {
            let seq = chat.last.as_ref().map_or(end, |last| end.max(last.seq + 1));
            return Ok(self.finish(tx, out, chat.id, HandoverReason::FinishedByAgent, seq).await?);
        }
        if let Some(seq) = row.customer.and_then(|customer| left(customer, row.created_at)) {
            return self.leave(tx, out, row.clone(), seq + 1).await;
        }
        if let Some(user) = row.user_id
            && let Some(seq) = left(user, row.changed_at)
        {
            let why = if row.with_bot() { HandoverReason::BotRemoved } else { HandoverReason::AgentGone };
            return Ok(self.queue(tx, out, chat.id, why, Some(user), seq + 1).await?);
        }
        Ok(())
    }

    /// The customer went, before all that they said may have been heard of here: their bot is told that first.
    async fn leave(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        row: InteractionRow,
        from_seq: i64,
    ) -> Result<(), Failure> {
        let mut from_seq = from_seq;
        if row.with_bot() {
            let unknown = || Failure::retry(anyhow!("it is not known yet what was said last in chat {}", row.chat));
            let last = self.known.last_words(row.chat).ok_or_else(unknown)?;
            self.moves.catch_up(tx, out, &row, &last).await?;
            from_seq = last.first().map_or(from_seq, |message| from_seq.max(message.seq + 1));
        }
        self.open.insert(row.chat, row.clone());
        Ok(self.finish(tx, out, row.chat, HandoverReason::FinishedByCustomer, from_seq).await?)
    }

    /// Whom a chat with a bot is for: a customer in it, else who made it, else anybody but bots.
    fn customer(&self, snapshot: &Snapshot) -> Result<Option<UserId>, Failure> {
        let chat = &snapshot.chat;
        let mut others = Vec::new();
        for p in &chat.participants {
            match self.role(p.user)? {
                Role::Customer => return Ok(Some(p.user)),
                Role::Bot => {}
                Role::Agent | Role::Manager | Role::Admin => others.push(p.user),
            }
        }
        let creator = chat.creator.filter(|user| others.contains(user));
        Ok(creator.or_else(|| others.first().copied()))
    }

    async fn posted(&mut self, tx: &mut Tx, out: &mut Outgoing, event: &MessagePosted) -> Result<(), Failure> {
        let MessagePosted { tenant, chat, seq, author, membership_version, .. } = *event;
        if !self.heard.of(chat, membership_version) {
            self.renew(tx, out, chat, membership_version, Some(seq)).await?;
        }
        let Some(author) = author else { return Ok(()) };
        match self.open.get(&chat) {
            Some(row) if row.user_id == Some(author) || row.customer == Some(author) => {}
            Some(row) => {
                let serves = matches!(row.state, InteractionState::Bot | InteractionState::Queued);
                let role = self.role(author)?;
                if serves && seq >= row.from_seq && role.is_staff() {
                    self.take(tx, out, chat, author, seq).await?;
                } else if role == Role::Customer {
                    self.meet(tx, chat, author).await?;
                }
            }
            None if self.seats.contains_key(&chat) => {
                let last = interactions::last_of(tx, chat).await?;
                let again = last.as_ref().is_some_and(|last| last.customer == Some(author));
                let late = last.as_ref().is_some_and(|last| seq < last.from_seq);
                if !late && (again || self.role(author)? == Role::Customer) {
                    self.start_again(tx, out, (tenant, chat), last, author, seq).await?;
                }
            }
            None => {}
        }
        Ok(())
    }

    fn role(&self, user: UserId) -> Result<Role, Failure> {
        let unknown = || Failure::retry(anyhow!("it is not known yet who {user} is"));
        self.known.role(user).ok_or_else(unknown)
    }

    /// A customer says something where none was known: it is theirs, whoever made the chat for them.
    async fn meet(&mut self, tx: &mut Tx, chat: ChatId, customer: UserId) -> Result<(), Failure> {
        let Some(row) = self.open.get(&chat) else { return Ok(()) };
        if let Some(known) = row.customer
            && self.role(known)? == Role::Customer
        {
            return Ok(());
        }
        interactions::meet(tx, row.id, customer).await?;
        if let Some(row) = self.open.get_mut(&chat) {
            row.customer = Some(customer);
        }
        Ok(())
    }

    /// The customer says something and nobody serves them: the bot that did last does, else another one that is there.
    async fn start_again(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        (tenant, chat): (TenantId, ChatId),
        last: Option<InteractionRow>,
        customer: UserId,
        seq: i64,
    ) -> StoreResult<()> {
        let seats = self.seats.get(&chat).map_or(&[][..], Vec::as_slice);
        let mut bots: Vec<&DepartmentRow> = seats.iter().filter_map(|seat| self.bots.get(&seat.user_id)).collect();
        bots.retain(|department| department.active);
        let first = |department: &&&DepartmentRow| {
            (last.as_ref().is_none_or(|last| last.start_department != department.id), department.number)
        };
        let Some(department) = bots.iter().min_by_key(first).map(|department| (*department).clone()) else {
            return Ok(());
        };
        self.insert(tx, out, tenant, chat, &department, Some(customer), seq).await
    }

    /// A bot came.
    #[expect(clippy::too_many_arguments, reason = "what an interaction is made of")]
    async fn start(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        tenant: TenantId,
        chat: ChatId,
        came: &[Participant],
        customer: Option<UserId>,
        from_seq: i64,
    ) -> StoreResult<()> {
        let bots = came.iter().filter_map(|p| self.bots.get(&p.user)).filter(|department| department.active);
        let Some(department) = bots.min_by_key(|department| department.number).cloned() else { return Ok(()) };
        self.insert(tx, out, tenant, chat, &department, customer, from_seq).await
    }

    #[expect(clippy::too_many_arguments, reason = "what an interaction is made of")]
    async fn insert(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        tenant: TenantId,
        chat: ChatId,
        department: &DepartmentRow,
        customer: Option<UserId>,
        from_seq: i64,
    ) -> StoreResult<()> {
        let Some(bot) = department.bot_user else { return Ok(()) };
        let (extra, external_history, media_type) = (None, None, None);
        let id = InteractionId::new();
        let told = false;
        let fresh = Fresh { id, tenant, chat, department, customer, extra, external_history, media_type, told };
        let cause = Cause { from_seq, by: customer, why: HandoverReason::Started, at: self.now };
        match self.moves.start(tx, out, fresh, To::Bot(bot), cause).await? {
            Some(row) => {
                self.moved = true;
                self.open.insert(chat, row);
            }
            // An event of the other service, whose transaction was faster, started it.
            None => self.open.extend(interactions::lock_open(tx, vec![chat]).await?),
        }
        Ok(())
    }

    async fn take(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        chat: ChatId,
        agent: UserId,
        from_seq: i64,
    ) -> StoreResult<()> {
        let Some(row) = self.open.remove(&chat) else { return Ok(()) };
        let cause = Cause { from_seq, by: Some(agent), why: HandoverReason::Taken, at: self.now };
        let department = (row.department, row.department_number);
        let row = self.moves.hand(tx, out, row, department, To::Agent(agent), cause).await?;
        self.moved = true;
        self.open.insert(chat, row);
        Ok(())
    }

    async fn queue(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        chat: ChatId,
        why: HandoverReason,
        not: Option<UserId>,
        from_seq: i64,
    ) -> StoreResult<()> {
        let Some(row) = self.open.remove(&chat) else { return Ok(()) };
        let cause = Cause { from_seq: from_seq.max(row.from_seq), by: not, why, at: self.now };
        let department = (row.department, row.department_number);
        let row = self.moves.hand(tx, out, row, department, To::Agents { not }, cause).await?;
        self.moved = true;
        self.open.insert(chat, row);
        Ok(())
    }

    async fn finish(
        &mut self,
        tx: &mut Tx,
        out: &mut Outgoing,
        chat: ChatId,
        why: HandoverReason,
        from_seq: i64,
    ) -> StoreResult<()> {
        let Some(row) = self.open.remove(&chat) else { return Ok(()) };
        let by = row.customer.filter(|_| why == HandoverReason::FinishedByCustomer);
        let cause = Cause { from_seq: from_seq.max(row.from_seq), by, why, at: self.now };
        self.moves.finish(tx, out, row, cause).await?;
        self.moved = true;
        Ok(())
    }

    /// Somebody was deleted: what they served waits for another one, and what was theirs is over. A bot's department has none
    /// any more; a worker sees to what it served.
    async fn gone(&mut self, tx: &mut Tx, out: &mut Outgoing, tenant: TenantId, user: UserId) -> Result<(), Failure> {
        departments::forget_agent(tx, user).await?;
        departments::forget_bot(tx, user, self.now).await?;
        for id in interactions::served_by(tx, tenant, user).await? {
            let Some(row) = interactions::lock(tx, id).await?.filter(|row| row.user_id == Some(user)) else { continue };
            let why = if row.with_bot() { HandoverReason::BotRemoved } else { HandoverReason::AgentGone };
            let cause = Cause { from_seq: row.from_seq, by: None, why, at: self.now };
            let (chat, department) = (row.chat, (row.department, row.department_number));
            let row = self.moves.hand(tx, out, row, department, To::Agents { not: Some(user) }, cause).await?;
            self.moved = true;
            if let Some(held) = self.open.get_mut(&chat) {
                *held = row;
            }
        }
        for (id, _) in interactions::of_customer(tx, tenant, user).await? {
            let Some(row) = interactions::lock(tx, id).await?.filter(|row| row.customer == Some(user)) else {
                continue;
            };
            self.leave(tx, out, row, 0).await?;
        }
        Ok(())
    }
}
