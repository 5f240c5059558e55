//! What bots and customers say through an interaction.

use contracts::bots::{BotsError, Interaction, OnInteraction, Say};
use contracts::messages::{Message, PostMessage};
use contracts::realtime::{RealtimeError, TellTyping};
use domain::{Principal, UserId};

use super::asking::{from_messages, from_peer};
use super::reading::{held, named, running, view, with_bot};
use super::{Bots, Outcome, checks};
use crate::delivery::Outgoing;
use crate::once;
use crate::store::rows::InteractionRow;

impl Bots {
    pub(super) async fn bot_says(&self, cmd: Say) -> Outcome<Message> {
        checks::bot(&cmd.by)?;
        if let Some(answer) = self.answered(cmd.idempotency.as_ref()).await? {
            return Ok(answer);
        }
        let row = named(&self.db.read().await?, cmd.by.tenant, &cmd.key).await?;
        with_bot(&row, &cmd.by)?;
        // Speaking says that it took the interaction on.
        let row = if row.accepted_at.is_some() { row } else { self.accepted(&cmd).await? };
        let bot = row.user_id.ok_or(BotsError::NotWithBot)?;
        self.post(cmd, &row, bot).await
    }

    pub(super) async fn customer_says(&self, cmd: Say) -> Outcome<Message> {
        checks::write(&cmd.by)?;
        if let Some(answer) = self.answered(cmd.idempotency.as_ref()).await? {
            return Ok(answer);
        }
        let row = named(&self.db.read().await?, cmd.by.tenant, &cmd.key).await?;
        running(&row)?;
        let customer = row.customer.ok_or(BotsError::NoCustomer)?;
        self.post(cmd, &row, customer).await
    }

    pub(super) async fn customer_types(&self, OnInteraction { by, key }: OnInteraction) -> Outcome<Interaction> {
        checks::write(&by)?;
        let conn = self.db.read().await?;
        let row = named(&conn, by.tenant, &key).await?;
        running(&row)?;
        let customer = row.customer.ok_or(BotsError::NoCustomer)?;
        let chat = row.chat;
        let answer = view(&conn, row).await?;
        drop(conn);
        let by = Principal::let_in(by.tenant, customer, chat, by.surface);
        match self.peers.realtime.typing(TellTyping { by, chat, number: None }).await {
            Ok(()) => Ok(answer),
            Err(RealtimeError::ChatNotFound | RealtimeError::Forbidden) => Err(BotsError::Finished.into()),
            Err(other) => Err(from_peer(&other).into()),
        }
    }

    pub(super) async fn customer_cleared(&self, OnInteraction { by, key }: OnInteraction) -> Outcome<Interaction> {
        checks::write(&by)?;
        let conn = self.db.read().await?;
        let row = named(&conn, by.tenant, &key).await?;
        running(&row)?;
        view(&conn, row).await
    }

    /// The bot takes the interaction on by what it does.
    async fn accepted(&self, cmd: &Say) -> Outcome<InteractionRow> {
        let mut tx = self.db.begin().await?;
        let row = held(&mut tx, cmd.by.tenant, &cmd.key).await?;
        with_bot(&row, &cmd.by)?;
        let mut out = Outgoing::default();
        let bot = row.user_id;
        let row = self.moves.accept(&mut tx, &mut out, row, bot, self.clock.now()).await?;
        self.commit(tx, out).await?;
        Ok(row)
    }

    async fn post(&self, cmd: Say, row: &InteractionRow, author: UserId) -> Outcome<Message> {
        let Say { by, key: _, kind, text, media, extras, idempotency } = cmd;
        let tenant = by.tenant;
        let step = once::step(idempotency.as_ref(), "message");
        let (chat, author) = (row.chat, Some(author));
        let post = PostMessage { by, chat, author, kind, text, media, extras, idempotency: step };
        let message = self.peers.messages.post(post).await.map_err(from_messages)?;
        self.remember(idempotency.as_ref(), tenant, &message).await?;
        Ok(message)
    }
}
