//! Address books.

use contracts::users::{Book, ChangeBook, Contact, OutsideBook, User, UsersError};
use domain::{Page, TenantId, UserId};
use store::Tx;

use super::{Outcome, Users, checks};
use crate::store::{books, heads, people};

impl Users {
    pub(super) async fn read_book(&self, cmd: Book) -> Outcome<Page<Contact>> {
        if cmd.name.as_ref().is_some_and(|name| name.contains(['\0', '\n'])) {
            return Ok(Page { items: Vec::new(), more: false });
        }
        let contacts = books::page(&self.db.read().await?, &cmd).await?;
        Ok(Page::cut(contacts, cmd.limit))
    }

    pub(super) async fn read_outside(&self, cmd: OutsideBook) -> Outcome<Page<User>> {
        let users = books::outside(&self.db.read().await?, &cmd).await?;
        Ok(Page::cut(users, cmd.limit))
    }

    pub(super) async fn edit_book(&self, cmd: ChangeBook) -> Outcome<()> {
        let owner = cmd.by.user.filter(|_| cmd.by.scopes.write).ok_or(UsersError::Forbidden)?;
        checks::ids("add", cmd.add.len())?;
        checks::ids("remove", cmd.remove.len())?;
        let mut tx = self.db.begin().await?;
        // Nobody of them is deleted meanwhile.
        heads::lock(&mut tx, cmd.by.tenant).await?;
        books::remove(&mut tx, owner, cmd.remove).await?;
        let add = living(&mut tx, cmd.by.tenant, owner, cmd.add).await?;
        books::add(&mut tx, owner, &add, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Those of `users` who can be in the book of `owner`, each once, in their order.
async fn living(tx: &mut Tx, tenant: TenantId, owner: UserId, users: Vec<UserId>) -> Outcome<Vec<UserId>> {
    let known = people::by_ids(tx, tenant, users.clone()).await?;
    let mut left: Vec<UserId> =
        known.iter().filter(|u| u.deleted_at.is_none() && u.id != owner).map(|u| u.id).collect();
    let mut take = |user: &UserId| left.iter().position(|id| id == user).map(|at| left.swap_remove(at));
    Ok(users.iter().filter_map(&mut take).collect())
}
