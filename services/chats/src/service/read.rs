//! Reading chats, and the question every message asks: may they?

use contracts::chats::{Access, Chat, ChatScope, ChatsError, CheckAccess, GetChat, ListChats, ReadSnapshots, Snapshot};
use domain::Page;

use super::{Chats, Outcome, checks, rights};
use crate::store::standing::Standing;
use crate::store::{chats, lists, snapshots, standing};

impl Chats {
    pub(super) async fn get_chat(&self, cmd: GetChat) -> Outcome<Chat> {
        let chat = chats::find(&self.db.read().await?, cmd.by.tenant, cmd.key).await?;
        let chat = chat.ok_or(ChatsError::ChatNotFound)?;
        rights::read(&cmd.by, &chat)?;
        Ok(chat)
    }

    pub(super) async fn list_chats(&self, cmd: ListChats) -> Outcome<Page<Chat>> {
        match cmd.scope {
            ChatScope::Tenant => rights::manage(&cmd.by)?,
            ChatScope::Of(user) | ChatScope::With(user) => rights::own(&cmd.by, user)?,
        }
        let conn = self.db.read().await?;
        let rows = lists::page(&conn, cmd.by.tenant, cmd.scope, cmd.order, cmd.limit).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn check_access(&self, cmd: CheckAccess) -> Outcome<Vec<Access>> {
        checks::asked(cmd.asked.len())?;
        let standings = standing::of(&self.db.read().await?, &cmd.asked).await?;
        Ok(cmd.asked.iter().zip(standings).map(|(asked, found)| access(asked.user.is_none(), found)).collect())
    }

    pub(super) async fn read_snapshots(&self, cmd: ReadSnapshots) -> Outcome<Vec<Snapshot>> {
        checks::asked(cmd.asked.len())?;
        Ok(snapshots::of(&self.db.read().await?, &cmd.asked).await?)
    }
}

fn access(system: bool, found: Option<Standing>) -> Access {
    match found {
        None => Access::Missing,
        Some(Standing { deleted: true, takes_part, owns, .. }) => Access::Deleted { participant: takes_part || owns },
        Some(Standing { version, takes_part, owns, .. }) => {
            if system || takes_part {
                Access::Participant { version }
            } else if owns {
                Access::Owner { version }
            } else {
                Access::Outsider { version }
            }
        }
    }
}
