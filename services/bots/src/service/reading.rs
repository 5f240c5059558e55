//! Reading interactions.

use contracts::bots::{
    BotsError, Change, Interaction, InteractionHash, InteractionKey, InteractionsOf, ListInteractions, OnInteraction,
    UpdateInteraction,
};
use domain::{InteractionState, Page, Principal, Role, TenantId};
use store::{Conn, Tx};

use super::{Bots, Outcome, checks};
use crate::store::rows::{InteractionRow, NotesChange};
use crate::store::{interactions, lists, queue};

impl Bots {
    pub(super) async fn get_interaction(&self, OnInteraction { by, key }: OnInteraction) -> Outcome<Interaction> {
        checks::read(&by)?;
        let conn = self.db.read().await?;
        let row = named(&conn, by.tenant, &key).await?;
        view(&conn, row).await
    }

    pub(super) async fn list_interactions(&self, cmd: ListInteractions) -> Outcome<Page<Interaction>> {
        checks::read(&cmd.by)?;
        let conn = self.db.read().await?;
        let Page { items, more } = Page::cut(lists::page(&conn, &cmd).await?, cmd.limit);
        let mut views = Vec::with_capacity(items.len());
        for row in items {
            views.push(view(&conn, row).await?);
        }
        Ok(Page { items: views, more })
    }

    pub(super) async fn list_changes(&self, OnInteraction { by, key }: OnInteraction) -> Outcome<Vec<Change>> {
        checks::read(&by)?;
        let conn = self.db.read().await?;
        let row = named(&conn, by.tenant, &key).await?;
        let changes = interactions::changes(&conn, row.id).await?;
        Ok(changes.into_iter().map(Change::from).collect())
    }

    pub(super) async fn interactions_of(&self, cmd: InteractionsOf) -> Outcome<Vec<InteractionHash>> {
        let InteractionsOf { tenant, chats } = cmd;
        checks::asked(chats.len())?;
        Ok(lists::of_chats(&self.db.read().await?, tenant, chats).await?)
    }

    pub(super) async fn note_interaction(&self, cmd: UpdateInteraction) -> Outcome<Interaction> {
        let UpdateInteraction { by, key, mood, tags, customer_key, note } = cmd;
        checks::write(&by)?;
        let change = NotesChange {
            mood,
            tags: tags.map(checks::tags).transpose()?,
            customer_key: customer_key.map(checks::customer_key).transpose()?,
            note: note.map(checks::note).transpose()?,
        };
        let mut tx = self.db.begin().await?;
        let row = held(&mut tx, by.tenant, &key).await?;
        interactions::note(&mut tx, row.id, change).await?;
        let row = interactions::lock(&mut tx, row.id).await?.ok_or(BotsError::InteractionNotFound)?;
        let noted = view(&tx, row).await?;
        tx.commit().await?;
        Ok(noted)
    }
}

/// The interaction meant, as it stands.
pub(super) async fn named(conn: &Conn, tenant: TenantId, key: &InteractionKey) -> Outcome<InteractionRow> {
    let id = key.id().ok_or(BotsError::InteractionNotFound)?;
    Ok(interactions::find(conn, tenant, id).await?.ok_or(BotsError::InteractionNotFound)?)
}

/// The interaction meant, which is this transaction's from now on.
pub(super) async fn held(tx: &mut Tx, tenant: TenantId, key: &InteractionKey) -> Outcome<InteractionRow> {
    let id = key.id().ok_or(BotsError::InteractionNotFound)?;
    let row = interactions::lock(tx, id).await?.filter(|row| row.tenant == tenant);
    Ok(row.ok_or(BotsError::InteractionNotFound)?)
}

/// As it is shown.
pub(super) async fn view(conn: &Conn, row: InteractionRow) -> Outcome<Interaction> {
    let position = queue::position(conn, &row).await?;
    Ok(row.view(position)?)
}

/// Refuses what is finished.
pub(super) fn running(row: &InteractionRow) -> Result<(), BotsError> {
    if row.state == InteractionState::Finished { Err(BotsError::Finished) } else { Ok(()) }
}

/// Refuses what its bot does not serve, or no more. A credential of the tenant speaks for whichever bot serves; one that was
/// made for a bot, for that one alone.
pub(super) fn with_bot(row: &InteractionRow, by: &Principal) -> Result<(), BotsError> {
    running(row)?;
    let another = by.role == Role::Bot && by.user != row.user_id;
    if row.with_bot() && !another { Ok(()) } else { Err(BotsError::NotWithBot) }
}
