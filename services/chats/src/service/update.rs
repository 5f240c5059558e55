//! Changing and deleting chats.

use contracts::chats::{Chat, ChatKey, ChatsError, DeleteChat, UpdateChat};
use domain::{ChatId, ParticipantRole, TenantId, UserId};
use proto_events::{ChatDeleted, ChatUpdated};
use store::Tx;

use super::create::reread;
use super::{Chats, Outcome, checks, rights};
use crate::once;
use crate::store::rows::ChatChange;
use crate::store::{chats, stays};

impl Chats {
    pub(super) async fn update_chat(&self, cmd: UpdateChat) -> Outcome<Chat> {
        let tenant = cmd.by.tenant;
        let title = cmd.title.map(checks::title).transpose()?;
        let detail = cmd.detail.map(checks::detail).transpose()?;
        let request = cmd.idempotency.as_ref();
        if let Some(chat) = self.answered(request).await? {
            return Ok(chat);
        }
        // Others are asked only by those who may change this chat at all.
        let chat = self.existing(tenant, cmd.id).await?;
        rights::change(&cmd.by, &chat)?;
        rights::living(&chat)?;
        let new_owner = cmd.owner.filter(|owner| chat.owner != Some(*owner));
        if let Some(owner) = new_owner {
            self.check_living(tenant, &[owner]).await?;
        }
        self.check_company(tenant, cmd.company.flatten().filter(|company| chat.company != Some(*company))).await?;

        let mut tx = self.db.begin().await?;
        if let Some(chat) = once::first_answer(&mut tx, request, self.clock.now()).await? {
            return Ok(chat);
        }
        let chat = locked(&mut tx, tenant, cmd.id).await?;
        rights::change(&cmd.by, &chat)?;
        rights::living(&chat)?;
        if let Some(owner) = new_owner {
            hand_over(&mut tx, &chat, owner).await?;
        }
        let (company, closed_at) = (cmd.company, cmd.closed_at);
        let next = ChatChange::of(&chat, self.clock.now());
        let change = ChatChange { title, detail, owner: new_owner, company, closed_at, ..next };
        let event = ChatUpdated { tenant, chat: chat.id, version: change.version };
        self.outbox.append(&tx, &event, change.updated_at).await?;
        chats::update(&mut tx, chat.id, change).await?;
        let chat = reread(&mut tx, tenant, chat.id).await?;
        once::keep(&mut tx, request, tenant, &chat).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(chat)
    }

    pub(super) async fn delete_chat(&self, cmd: DeleteChat) -> Outcome<Chat> {
        let tenant = cmd.by.tenant;
        let mut tx = self.db.begin().await?;
        let chat = locked(&mut tx, tenant, cmd.id).await?;
        rights::change(&cmd.by, &chat)?;
        if chat.deleted_at.is_some() {
            return Ok(chat);
        }
        let change = ChatChange::of(&chat, self.clock.now());
        // The same people may have a new chat from now on.
        let change = ChatChange { match_key: Some(None), deleted_at: Some(change.updated_at), ..change };
        let event = ChatDeleted { tenant, chat: chat.id, version: change.version };
        self.outbox.append(&tx, &event, change.updated_at).await?;
        chats::update(&mut tx, chat.id, change).await?;
        let chat = reread(&mut tx, tenant, chat.id).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(chat)
    }

    /// The chat, outside any transaction.
    pub(super) async fn existing(&self, tenant: TenantId, id: ChatId) -> Outcome<Chat> {
        let chat = chats::find(&self.db.read().await?, tenant, ChatKey::Id(id)).await?;
        Ok(chat.ok_or(ChatsError::ChatNotFound)?)
    }
}

/// The chat, whose head row is this transaction's from now on.
pub(super) async fn locked(tx: &mut Tx, tenant: TenantId, id: ChatId) -> Outcome<Chat> {
    Ok(chats::lock(tx, tenant, id).await?.ok_or(ChatsError::ChatNotFound)?)
}

/// The role of owner goes over, where old and new owner take part.
async fn hand_over(tx: &mut Tx, chat: &Chat, owner: UserId) -> Outcome<()> {
    for stay in chat.participants.iter().filter(|stay| stay.role == ParticipantRole::Owner) {
        stays::set_role(tx, stay.id, ParticipantRole::Member).await?;
    }
    if let Some(stay) = chat.participant(owner) {
        stays::set_role(tx, stay.id, ParticipantRole::Owner).await?;
    }
    Ok(())
}
