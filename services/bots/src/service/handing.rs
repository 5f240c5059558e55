//! How interactions are taken on, given away, taken over and ended on request.
//!
//! Lenient before a bot took one on, since whatever it does says so; strict once it is given away or finished.

use contracts::bots::{
    BotsError, DepartmentKey, End, FinishInteraction, Interaction, OnInteraction, TakeInteraction, TransferInteraction,
};
use domain::{HandoverReason, InteractionState, ParticipationId, Principal, UserId};
use store::Tx;

use super::asking::from_chats;
use super::reading::{held, named, running, view, with_bot};
use super::{Bots, Outcome, checks};
use crate::delivery::Outgoing;
use crate::moves::{Cause, To};
use crate::once;
use crate::store::rows::{DepartmentRow, InteractionRow, SeatRow};
use crate::store::{departments, seats};

impl Bots {
    pub(super) async fn accept_interaction(&self, OnInteraction { by, key }: OnInteraction) -> Outcome<Interaction> {
        checks::bot(&by)?;
        let mut tx = self.db.begin().await?;
        let row = held(&mut tx, by.tenant, &key).await?;
        with_bot(&row, &by)?;
        let mut out = Outgoing::default();
        let bot = row.user_id;
        let row = self.moves.accept(&mut tx, &mut out, row, bot, self.clock.now()).await?;
        let answer = view(&tx, row).await?;
        self.commit(tx, out).await?;
        Ok(answer)
    }

    pub(super) async fn finish_interaction(&self, cmd: FinishInteraction) -> Outcome<Interaction> {
        let FinishInteraction { by, key, end, idempotency } = cmd;
        if end == End::Bot {
            checks::bot(&by)?;
        } else {
            checks::write(&by)?;
        }
        let request = idempotency.as_ref();
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        let row = named(&self.db.read().await?, by.tenant, &key).await?;
        may_end(&row, &by, end)?;
        let last = self.last_said(by.tenant, row.chat).await?;
        let from_seq = last.first().map_or(1, |message| message.seq + 1);

        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        if let Some(answer) = once::first_answer(&mut tx, request, now).await? {
            return Ok(answer);
        }
        let mut row = held(&mut tx, by.tenant, &key).await?;
        may_end(&row, &by, end)?;
        let mut out = Outgoing::default();
        if end == End::Bot {
            let bot = row.user_id;
            row = self.moves.accept(&mut tx, &mut out, row, bot, now).await?;
        }
        if end == End::Customer {
            self.moves.catch_up(&mut tx, &mut out, &row, &last).await?;
        }
        let (by_user, why) = match end {
            End::Bot => (row.user_id, HandoverReason::FinishedByBot),
            End::Customer => (row.customer, HandoverReason::FinishedByCustomer),
            End::Agent => (by.user.or(row.user_id), HandoverReason::FinishedByAgent),
        };
        let cause = Cause { from_seq: from_seq.max(row.from_seq), by: by_user, why, at: now };
        let row = self.moves.finish(&mut tx, &mut out, row, cause).await?;
        let answer = view(&tx, row).await?;
        once::keep(&mut tx, request, by.tenant, &answer).await?;
        self.commit(tx, out).await?;
        Ok(answer)
    }

    pub(super) async fn transfer_interaction(&self, cmd: TransferInteraction) -> Outcome<Interaction> {
        let TransferInteraction { by, key, department, idempotency } = cmd;
        checks::bot(&by)?;
        let (tenant, request) = (by.tenant, idempotency.as_ref());
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        let row = named(&self.db.read().await?, tenant, &key).await?;
        with_bot(&row, &by)?;
        let wanted = department.map_or(DepartmentKey::Id(row.start_department), DepartmentKey::Number);
        let target = self.active_department(tenant, wanted).await?;
        // A department never gets its own bot again: then its agents are meant.
        let bot = target.bot_user.filter(|bot| row.user_id != Some(*bot));
        // The bot takes part before it is told, so that it can answer at once.
        let seat = match bot {
            Some(bot) => Some(self.seat_bot(&row, bot).await?),
            None => None,
        };
        let from_seq = self.next_seq(tenant, row.chat).await?;

        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        if let Some(answer) = once::first_answer(&mut tx, request, now).await? {
            return Ok(answer);
        }
        let row = held(&mut tx, tenant, &key).await?;
        with_bot(&row, &by)?;
        let mut out = Outgoing::default();
        let from = row.user_id;
        let row = self.moves.accept(&mut tx, &mut out, row, from, now).await?;
        let to = self.still_meant(&mut tx, &target, bot, from).await?;
        if let (To::Bot(user_id), Some(participation)) = (to, seat) {
            seats::take(&mut tx, SeatRow { participation, chat: row.chat, user_id, tenant }).await?;
        }
        let cause = Cause { from_seq: from_seq.max(row.from_seq), by: from, why: HandoverReason::Transferred, at: now };
        let row = self.moves.hand(&mut tx, &mut out, row, (target.id, target.number), to, cause).await?;
        let answer = view(&tx, row.clone()).await?;
        once::keep(&mut tx, request, tenant, &answer).await?;
        self.commit(tx, out).await?;
        self.tell_soon(row).await;
        Ok(answer)
    }

    pub(super) async fn take_interaction(&self, cmd: TakeInteraction) -> Outcome<Interaction> {
        let TakeInteraction { by, key, user, idempotency } = cmd;
        checks::write(&by)?;
        let (tenant, request) = (by.tenant, idempotency.as_ref());
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        let row = named(&self.db.read().await?, tenant, &key).await?;
        running(&row)?;
        self.staff(tenant, vec![user]).await?;
        let from_seq = self.next_seq(tenant, row.chat).await?;

        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        if let Some(answer) = once::first_answer(&mut tx, request, now).await? {
            return Ok(answer);
        }
        let mut row = held(&mut tx, tenant, &key).await?;
        running(&row)?;
        let mut out = Outgoing::default();
        if row.user_id != Some(user) {
            let department = (row.department, row.department_number);
            let (why, by) = (HandoverReason::Taken, Some(user));
            let cause = Cause { from_seq: from_seq.max(row.from_seq), by, why, at: now };
            row = self.moves.hand(&mut tx, &mut out, row, department, To::Agent(user), cause).await?;
        }
        let answer = view(&tx, row.clone()).await?;
        once::keep(&mut tx, request, tenant, &answer).await?;
        self.commit(tx, out).await?;
        self.tell_soon(row).await;
        Ok(answer)
    }

    /// Takes a bot into an interaction's chat; its stay there.
    async fn seat_bot(&self, row: &InteractionRow, bot: UserId) -> Outcome<ParticipationId> {
        let chat = self.seat(row.tenant, row.chat, bot).await.map_err(from_chats)?;
        let stay = chat.participant(bot).ok_or(BotsError::Contended)?;
        Ok(stay.id)
    }

    /// To whom a transfer goes, now that nobody changes the department any more.
    async fn still_meant(
        &self,
        tx: &mut Tx,
        target: &DepartmentRow,
        bot: Option<UserId>,
        from: Option<UserId>,
    ) -> Outcome<To> {
        let department = departments::lock(tx, target.id).await?.ok_or(BotsError::DepartmentNotFound)?;
        if !department.active {
            return Err(BotsError::DepartmentInactive.into());
        }
        match department.bot_user.filter(|user| from != Some(*user)) {
            None => Ok(To::Agents { not: None }),
            now if now == bot => Ok(now.map_or(To::Agents { not: None }, To::Bot)),
            // It got another bot in between, which does not take part yet.
            Some(_) => Err(BotsError::Contended.into()),
        }
    }
}

/// Whether an interaction may be ended in somebody's name.
fn may_end(row: &InteractionRow, by: &Principal, end: End) -> Result<(), BotsError> {
    match end {
        End::Bot => with_bot(row, by),
        End::Customer => running(row),
        End::Agent => {
            running(row)?;
            match row.state {
                InteractionState::Queued | InteractionState::Agent => Ok(()),
                InteractionState::Bot | InteractionState::Finished => Err(BotsError::NotWithAgent),
            }
        }
    }
}
