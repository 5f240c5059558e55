//! "Is writing": told, and forgotten after a moment.

use contracts::chats::{Access, AccessAsked, CheckAccess};
use contracts::realtime::{FeedEvent, RealtimeError, TellTyping};
use domain::{ChatId, Code, ServiceError as _, TenantId, UserId};

use super::{Outcome, Realtime};
use crate::known::Answer;
use crate::store::feed::{self, News};
use crate::store::members::{self, sorted};

impl Realtime {
    pub(super) async fn tell_typing(&self, cmd: TellTyping) -> Outcome<()> {
        let TellTyping { by, chat, number } = cmd;
        let (tenant, user) = (by.tenant, by.user.filter(|_| by.scopes.write).ok_or(RealtimeError::Forbidden)?);
        let version = self.takes_part(tenant, chat, user).await?;
        let mut audience = self.present(tenant, chat, version).await?;
        // Whoever writes knows.
        audience.retain(|other| *other != user);
        let now = self.clock.now();
        let passing_until = Some(now.plus_seconds(self.settings.typing_s.into()));
        let news = News { tenant, chat: Some(chat), audience, passing_until, what: FeedEvent::Typing { user, number } };
        let mut tx = self.db.begin().await?;
        let heads = feed::append(&mut tx, vec![news], now).await?;
        tx.commit().await?;
        self.heads.note(&heads);
        Ok(())
    }

    /// Refuses whoever does not take part; answers the chat's version.
    async fn takes_part(&self, tenant: TenantId, chat: ChatId, user: UserId) -> Outcome<i64> {
        let asked = CheckAccess { asked: vec![AccessAsked { tenant, chat, user: Some(user) }] };
        let access = self.chats.access(asked).await.map_err(|e| match e.code() {
            Code::Unavailable | Code::Limited => RealtimeError::Unavailable(e.to_string()),
            _ => RealtimeError::Internal,
        })?;
        match access.first() {
            Some(Access::Participant { version }) => Ok(*version),
            Some(Access::Missing) | None => Err(RealtimeError::ChatNotFound.into()),
            Some(_) => Err(RealtimeError::Forbidden.into()),
        }
    }

    /// Who takes part, as of `version` or later.
    async fn present(&self, tenant: TenantId, chat: ChatId, version: i64) -> Outcome<Vec<UserId>> {
        let copy = members::of(&self.db.read().await?, vec![chat]).await?.remove(&chat);
        if let Some(copy) = copy.filter(|copy| copy.version >= version && copy.tenant == tenant) {
            return Ok(copy.present());
        }
        self.known.ask(vec![(tenant, chat)]).await;
        match self.known.answer(chat) {
            Some(Answer::Snapshot(snapshot)) => Ok(sorted(snapshot.chat.participants.iter().map(|p| p.user))),
            Some(Answer::Gone) => Err(RealtimeError::ChatNotFound.into()),
            None => Err(RealtimeError::Unavailable("chats does not say who takes part".to_owned()).into()),
        }
    }
}
