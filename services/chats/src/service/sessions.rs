//! Chats found by whom and what they are about, and each participant's own window.

use contracts::chats::{
    ArrangeChat, Chat, ChatsError, ChatsWith, Circle, CreateChat, Created, Existing, FollowGroup, OpenChat, PairsWith,
    Record,
};
use contracts::users::{Group, GroupKeys};
use contracts::{Extras, Invalid};
use domain::{ChatId, ChatKind, Page, ParticipantState, Principal, TenantId, UserId};

use super::create::Draft;
use super::members::{enter, leave};
use super::rooms::tell_view;
use super::update::locked;
use super::{Chats, Outcome, checks, rights};
use crate::store::{chats, heads, sessions, stays};

impl Chats {
    pub(super) async fn open_chat(&self, cmd: OpenChat) -> Outcome<Created> {
        let OpenChat { by, circle, about, idempotency } = cmd;
        let me = myself(&by)?;
        let about = about.map(checks::record).transpose()?;
        match circle {
            Circle::User(other) => {
                if other == me {
                    return Err(ChatsError::from(Invalid::new("user", "must be somebody else")).into());
                }
                let mut draft = Draft::new(plain(by, vec![me, other], idempotency))?;
                if let Some(record) = about {
                    draft = draft.about(record);
                }
                self.create_draft(draft).await
            }
            Circle::Group(number) => {
                let group = self.one_group(by.tenant, GroupKeys::Numbers(vec![number])).await?;
                if !group.users.contains(&me) {
                    return Err(ChatsError::GroupNotFound.into());
                }
                let mut draft = Draft::new(plain(by, group.users.clone(), idempotency))?.of_group(&group);
                if let Some(record) = about {
                    draft = draft.about(record);
                }
                let made = self.create_draft(draft).await?;
                if made.created || same(&made.chat, &group.users) {
                    return Ok(made);
                }
                let chat = self.follow(made.chat.tenant, made.chat.id, &group.users).await?;
                Ok(Created { chat, created: false })
            }
        }
    }

    pub(super) async fn chats_with(&self, cmd: ChatsWith) -> Outcome<Page<Chat>> {
        let me = myself(&cmd.by)?;
        if cmd.model.as_ref().is_some_and(|model| model.contains('\0')) {
            return Ok(Page { items: Vec::new(), more: false });
        }
        let rows = sessions::page(&self.db.read().await?, me, &cmd).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn pairs_with(&self, cmd: PairsWith) -> Outcome<Vec<Chat>> {
        let me = myself(&cmd.by)?;
        checks::asked(cmd.users.len())?;
        Ok(sessions::pairs(&self.db.read().await?, cmd.by.tenant, me, &cmd.users).await?)
    }

    pub(super) async fn arrange_chat(&self, cmd: ArrangeChat) -> Outcome<Chat> {
        let (tenant, me) = (cmd.by.tenant, myself(&cmd.by)?);
        if !cmd.by.scopes.write {
            return Err(ChatsError::Forbidden.into());
        }
        // A window is closed behind what has been said so far: the next message folds it.
        let closed_seq = match cmd.state {
            Some(ParticipantState::Closed) => Some(self.last_seq(tenant, cmd.chat).await?),
            Some(ParticipantState::Open | ParticipantState::Folded) | None => None,
        };
        let mut tx = self.db.begin().await?;
        let chat = locked(&mut tx, tenant, cmd.chat).await?;
        rights::living(&chat)?;
        let stay = chat.participant(me).ok_or(ChatsError::NotParticipant)?;
        if let Some(state) = cmd.state {
            stays::set_state(&mut tx, stay.id, state, closed_seq).await?;
        }
        if let Some(status) = cmd.status {
            stays::set_status(&mut tx, stay.id, status).await?;
        }
        let chat = super::create::reread(&mut tx, tenant, chat.id).await?;
        let stay = chat.participant(me).ok_or(ChatsError::NotParticipant)?;
        tell_view(&self.outbox, &mut tx, &chat, stay, self.clock.now()).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(chat)
    }

    pub(super) async fn follow_a_group(&self, cmd: FollowGroup) -> Outcome<()> {
        rights::manage(&cmd.by)?;
        let group = self.one_group(cmd.by.tenant, GroupKeys::Ids(vec![cmd.group])).await?;
        let chats = sessions::of_group(&self.db.read().await?, cmd.by.tenant, cmd.group).await?;
        for chat in chats.iter().filter(|chat| !same(chat, &group.users)) {
            self.follow(cmd.by.tenant, chat.id, &group.users).await?;
        }
        Ok(())
    }

    async fn one_group(&self, tenant: TenantId, keys: GroupKeys) -> Outcome<Group> {
        Ok(self.groups_by(tenant, keys).await?.pop().ok_or(ChatsError::GroupNotFound)?)
    }

    /// Makes `members` the participants of a chat.
    async fn follow(&self, tenant: TenantId, id: ChatId, members: &[UserId]) -> Outcome<Chat> {
        let last = self.last_seq(tenant, id).await?;
        let mut tx = self.db.begin().await?;
        heads::lock(&mut tx, tenant).await?;
        let mut chat = locked(&mut tx, tenant, id).await?;
        rights::living(&chat)?;
        let gone: Vec<_> = chat.participants.iter().filter(|stay| !members.contains(&stay.user)).cloned().collect();
        for stay in gone {
            chat = leave(&self.outbox, &mut tx, &chat, &stay, last, self.clock.now()).await?;
        }
        for user in members {
            if chat.participant(*user).is_none() {
                chat = enter(&self.outbox, &mut tx, &chat, *user, last, self.clock.now()).await?;
            }
        }
        tx.commit().await?;
        self.outbox.wake();
        Ok(chat)
    }
}

/// The user who asks, for themselves and not for one chat alone; nobody else has windows.
fn myself(by: &Principal) -> Result<UserId, ChatsError> {
    rights::unconfined(by)?;
    by.user.ok_or(ChatsError::Forbidden)
}

/// Whether exactly `users`, sorted, take part.
fn same(chat: &Chat, users: &[UserId]) -> bool {
    let mut present: Vec<UserId> = chat.participants.iter().map(|stay| stay.user).collect();
    present.sort_unstable();
    present == users
}

fn plain(by: Principal, participants: Vec<UserId>, idempotency: Option<domain::Idempotency>) -> CreateChat {
    CreateChat {
        owner: by.user,
        by,
        participants,
        title: None,
        detail: String::new(),
        company: None,
        extras: Extras::new(),
        existing: Existing::Return,
        idempotency,
    }
}

impl Draft {
    /// The chat of a group, found by the group whoever is in it.
    fn of_group(mut self, group: &Group) -> Self {
        let key = chats::match_key("group", self.tenant, &[UserId::from_uuid(group.id.uuid())]);
        self.kind = ChatKind::Group;
        self.title = Some(group.name.clone());
        self.group = Some(group.id);
        self.unique = Some((key, Existing::Return));
        self
    }

    /// The same about a record: another chat, and never a direct one.
    fn about(mut self, record: Record) -> Self {
        self.kind = ChatKind::Group;
        self.unique = self.unique.map(|(key, existing)| (chats::record_key(&key, &record), existing));
        self.about = Some(record);
        self
    }
}
