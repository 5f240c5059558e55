//! Joining and leaving.

use bus::Outbox;
use contracts::chats::{AddParticipant, Chat, ChatsError, Participant, RemoveParticipant};
use domain::{ChatKind, ParticipantState, ParticipationId, Timestamp, UserId};
use proto_events::{ParticipantAdded, ParticipantRemoved};
use store::Tx;

use super::create::{people_key, reread, role};
use super::update::locked;
use super::{Chats, Outcome, rights};
use crate::once;
use crate::store::rows::{ChatChange, NewStay};
use crate::store::{chats, heads, stays};

impl Chats {
    pub(super) async fn add_participant(&self, cmd: AddParticipant) -> Outcome<Chat> {
        let (tenant, user) = (cmd.by.tenant, cmd.user);
        let request = cmd.idempotency.as_ref();
        if let Some(chat) = self.answered(request).await? {
            return Ok(chat);
        }
        // Others are asked only by those who may add somebody at all.
        may_add(&self.existing(tenant, cmd.chat).await?, &cmd)?;
        self.check_living(tenant, &[user]).await?;
        let seq = self.last_seq(tenant, cmd.chat).await?;

        let mut tx = self.db.begin().await?;
        if let Some(chat) = once::first_answer(&mut tx, request, self.clock.now()).await? {
            return Ok(chat);
        }
        heads::lock(&mut tx, tenant).await?;
        let chat = locked(&mut tx, tenant, cmd.chat).await?;
        may_add(&chat, &cmd)?;
        let chat = enter(&self.outbox, &mut tx, &chat, user, seq, self.clock.now()).await?;
        once::keep(&mut tx, request, tenant, &chat).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(chat)
    }

    pub(super) async fn remove_participant(&self, cmd: RemoveParticipant) -> Outcome<Chat> {
        let tenant = cmd.by.tenant;
        let may = |chat: &Chat| {
            rights::remove(&cmd.by, chat, cmd.user)?;
            rights::living(chat)?;
            chat.participant(cmd.user).cloned().ok_or(ChatsError::NotParticipant)
        };
        may(&self.existing(tenant, cmd.chat).await?)?;
        let last = self.last_seq(tenant, cmd.chat).await?;

        let mut tx = self.db.begin().await?;
        let chat = locked(&mut tx, tenant, cmd.chat).await?;
        let stay = may(&chat)?;
        let chat = leave(&self.outbox, &mut tx, &chat, &stay, last, self.clock.now()).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(chat)
    }
}

/// Adds `user`, who sees what comes behind `seq`. Wants the tenant's turn and the chat's lock.
pub(super) async fn enter(
    outbox: &Outbox,
    tx: &mut Tx,
    chat: &Chat,
    user: UserId,
    seq: i64,
    now: Timestamp,
) -> Outcome<Chat> {
    let tenant = chat.tenant;
    let change = joined(tx, chat, user, ChatChange::of(chat, now)).await?;
    let at = change.updated_at;
    let joined_at = heads::joinings(tx, tenant, &[user], at).await?;
    let stay = NewStay {
        id: ParticipationId::new(),
        chat: chat.id,
        user_id: user,
        role: role(chat.owner, user),
        state: ParticipantState::Open,
        position: stays::next_position(tx, chat.id).await?,
        joined_at: joined_at.get(&user).copied().unwrap_or(at),
        joined_seq: seq,
    };
    let event = ParticipantAdded { tenant, chat: chat.id, user, participation: stay.id, version: change.version, seq };
    outbox.append(tx, &event, at).await?;
    stays::insert(tx, vec![stay]).await?;
    chats::update(tx, chat.id, change).await?;
    reread(tx, tenant, chat.id).await
}

/// Ends `stay` at the chat's last place. Wants the chat's lock.
pub(super) async fn leave(
    outbox: &Outbox,
    tx: &mut Tx,
    chat: &Chat,
    stay: &Participant,
    last: i64,
    now: Timestamp,
) -> Outcome<Chat> {
    // Who dropped the room before sees no more than then.
    let seq = stay.left_seq.unwrap_or(last).max(stay.joined_seq);
    // Other people: if these are asked for, it is not by this chat. A group's chat stays the group's.
    let match_key = chat.group.is_none().then_some(None);
    let change = ChatChange { match_key, ..ChatChange::of(chat, now) };
    let event = ParticipantRemoved {
        tenant: chat.tenant,
        chat: chat.id,
        user: stay.user,
        participation: stay.id,
        version: change.version,
        seq,
    };
    outbox.append(tx, &event, change.updated_at).await?;
    stays::end(tx, stay.id, change.updated_at.max(stay.joined_at), seq).await?;
    chats::update(tx, chat.id, change).await?;
    reread(tx, chat.tenant, chat.id).await
}

fn may_add(chat: &Chat, cmd: &AddParticipant) -> Result<(), ChatsError> {
    rights::add(&cmd.by, chat, cmd.user)?;
    rights::living(chat)?;
    if chat.participant(cmd.user).is_some() { Err(ChatsError::AlreadyParticipant) } else { Ok(()) }
}

/// What becomes of a chat that `user` joins. A third makes a direct chat a group for good. One that was left becomes the
/// chat of its two again, unless they have another one by now: then it is a group, too.
async fn joined(tx: &mut Tx, chat: &Chat, user: UserId, change: ChatChange) -> Outcome<ChatChange> {
    if chat.group.is_some() {
        return Ok(change);
    }
    if chat.kind != ChatKind::Direct {
        return Ok(ChatChange { match_key: Some(None), ..change });
    }
    let mut people: Vec<UserId> = chat.participants.iter().map(|stay| stay.user).chain([user]).collect();
    people.sort_unstable();
    if people.len() == 2 {
        let key = people_key(ChatKind::Direct, chat.tenant, &people);
        if chats::of_people(tx, &key).await?.is_none() {
            return Ok(ChatChange { match_key: Some(Some(key)), ..change });
        }
    }
    // A direct chat that everybody left stays direct for whoever comes first.
    let kind = (people.len() > 1).then_some(ChatKind::Group);
    Ok(ChatChange { kind, match_key: Some(None), ..change })
}
