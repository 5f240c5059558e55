//! Invitations: a visitor's way in to a chat with a bot.

use chrono::{Datelike as _, Days, NaiveDate};
use contracts::Invalid;
use contracts::auth::{AuthError, Invitation, InvitationBy, Invite, Invited, Redeem, Redeemed};
use domain::{InvitationId, MessageId, Timestamp, TokenId, TokenKind};
use host::once::{Request, claim, keep};
use store::Tx;

use super::tokens::NewToken;
use super::{Answer, Auth};
use crate::delivery::{Channel, SECRET, SecretOf};
use crate::secrets::{self, Origin};
use crate::store::rows::{InvitationRow, OutgoingRow};
use crate::store::{invitations, outgoing, tenants, tokens};

impl Auth {
    pub(super) async fn make_invitation(&self, command: Invite) -> Answer<Invited> {
        let max_uses = match command.max_uses {
            None | Some(0) => i64::from(self.settings.invitation_uses.max(1)),
            Some(n) if n > 0 => n,
            Some(_) => return Err(AuthError::from(Invalid::new("max_uses", "must not be negative")).into()),
        };
        let people = self.living(command.tenant, &[command.visitor, command.bot]).await?;
        let bot_name = people.last().map(contracts::users::User::full_name).unwrap_or_default();

        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        // Holds the tenant: of calls at the same instant one makes the invitation and the others find it.
        if !tenants::hold(&mut tx, command.tenant).await? {
            return Err(AuthError::TenantNotFound.into());
        }
        let before = invitations::of(&tx, command.tenant, command.visitor, command.bot).await?;
        let request = command.idempotency.as_ref();
        match (claim::<bool>(&mut tx, request, now).await?, &before) {
            (Request::KeyReused, _) => return Err(AuthError::KeyReused.into()),
            (Request::Repeated(created), Some(row)) => {
                let secret = row.origin().invitation(&self.keys, row.id)?;
                return Ok(Invited { invitation: row.clone().view(secret, now), created });
            }
            (Request::Repeated(_) | Request::New, _) => {}
        }
        let (row, created) = match before {
            Some(row) if command.last_day.is_none_or(|day| day <= row.last_day) => (row, false),
            before => (self.fresh(&mut tx, &command, before, max_uses, now).await?, true),
        };
        self.queue(&mut tx, &command, &row, &bot_name, now).await?;
        keep(&mut tx, request, command.tenant, &created).await?;
        tx.commit().await?;
        self.queued.notify_one();
        let secret = row.origin().invitation(&self.keys, row.id)?;
        Ok(Invited { invitation: row.view(secret, now), created })
    }

    /// A new invitation, or the next generation of one that gets a later last day.
    async fn fresh(
        &self,
        tx: &mut Tx,
        command: &Invite,
        before: Option<InvitationRow>,
        max_uses: i64,
        now: Timestamp,
    ) -> Answer<InvitationRow> {
        let id = before.as_ref().map_or_else(InvitationId::new, |row| row.id);
        let generation = before.as_ref().map_or(1, |row| row.generation + 1);
        let key_id = self.keys.newest();
        let secret = Origin { key_id, generation }.invitation(&self.keys, id)?;
        let row = InvitationRow {
            id,
            tenant_id: command.tenant,
            visitor_id: command.visitor,
            bot_id: command.bot,
            secret_hash: secrets::hash(&secret).to_vec(),
            key_id: key_id.to_owned(),
            generation,
            max_uses,
            uses: 0,
            last_day: command.last_day.unwrap_or_else(|| self.default_last_day(now)),
            created_at: before.as_ref().map_or(now, |row| row.created_at),
            updated_at: now,
        };
        if before.is_some() {
            invitations::renew(tx, &row).await?;
        } else {
            invitations::insert(tx, &row).await?;
        }
        Ok(row)
    }

    fn default_last_day(&self, now: Timestamp) -> NaiveDate {
        let today = now.naive().date();
        today.checked_add_days(Days::new(u64::from(self.settings.invitation_days))).unwrap_or(today)
    }

    /// Queues the link for mail and SMS, without its secret.
    async fn queue(&self, tx: &mut Tx, command: &Invite, row: &InvitationRow, bot: &str, now: Timestamp) -> Answer<()> {
        let link = format!("{}{SECRET}", command.link_prefix);
        let to = [(Channel::Mail, &command.mail), (Channel::Sms, &command.phone)];
        let given = to.into_iter().filter_map(|(channel, to)| Some((channel, to.as_deref()?.trim())));
        let rows = given.filter(|(_, to)| !to.is_empty()).map(|(channel, to)| OutgoingRow {
            id: MessageId::new(),
            tenant_id: row.tenant_id,
            user_id: row.visitor_id,
            channel: channel.as_str().to_owned(),
            recipient: to.to_owned(),
            subject: format!("{bot} invites you to a conversation"),
            body: match channel {
                Channel::Mail => letter(bot, &link, row),
                Channel::Sms => format!("{bot} invites you to a conversation: {link}"),
            },
            invitation_id: row.id,
            generation: row.generation,
            key_id: row.key_id.clone(),
            attempts: 0,
            due_at: now,
            created_at: now,
            secret_of: SecretOf::Invitation.as_str().to_owned(),
        });
        Ok(outgoing::insert(tx, rows.collect()).await?)
    }

    pub(super) async fn get_invitation(&self, InvitationBy { secret }: InvitationBy) -> Answer<Invitation> {
        let conn = self.db.read().await?;
        let row = invitations::by_hash(&conn, secrets::hash(&secret)).await?;
        Ok(row.ok_or(AuthError::InvitationNotFound)?.view(secret, self.clock.now()))
    }

    /// Counts one use and gives the visitor a credential that ends with the invitation.
    pub(super) async fn use_invitation(&self, Redeem { secret, idempotency }: Redeem) -> Answer<Redeemed> {
        let hash = secrets::hash(&secret);
        let now = self.clock.now();
        let found = {
            let conn = self.db.read().await?;
            invitations::by_hash(&conn, hash).await?.ok_or(AuthError::InvitationNotFound)?
        };
        let request = idempotency.as_ref();
        if request.is_none() && !found.is_open(now) {
            return Err(AuthError::InvitationEnded.into());
        }
        if self.user(found.tenant_id, found.visitor_id).await?.is_none() {
            return Err(AuthError::InvitationNotFound.into());
        }
        let mut tx = self.db.begin().await?;
        if !tenants::hold(&mut tx, found.tenant_id).await? {
            return Err(AuthError::InvitationNotFound.into());
        }
        match claim::<TokenId>(&mut tx, request, now).await? {
            Request::New => {}
            Request::KeyReused => return Err(AuthError::KeyReused.into()),
            Request::Repeated(visit) => {
                let visit = tokens::find(&tx, found.tenant_id, visit).await?.ok_or(AuthError::TokenNotFound)?;
                let visit = visit.origin().token(&self.keys, visit.kind, visit.id)?;
                // The first one may have counted its use after we looked.
                let row = invitations::by_hash(&tx, hash).await?.unwrap_or(found);
                return Ok(Redeemed { invitation: row.view(secret, now), visit });
            }
        }
        let used = invitations::use_once(&mut tx, found.id, hash, now.naive().date(), now).await?;
        let row = used.ok_or(AuthError::InvitationEnded)?;
        let visit = NewToken {
            user: Some(row.visitor_id),
            expires_at: end_of(row.last_day),
            ..NewToken::plain(TokenId::new(), row.tenant_id, TokenKind::ImbeeVisit, "")
        };
        let visit = self.insert_token(&mut tx, visit, self.keys.newest(), now).await?;
        // Only the id is kept: the secret follows from it.
        keep(&mut tx, request, row.tenant_id, &visit.token.id).await?;
        tx.commit().await?;
        Ok(Redeemed { invitation: row.view(secret, now), visit: visit.secret })
    }
}

/// The first moment after `day`; `None`, which is never, beyond the years that both engines write alike.
fn end_of(day: NaiveDate) -> Option<Timestamp> {
    let next = day.checked_add_days(Days::new(1)).filter(|next| next.year() <= 9999)?;
    Some(Timestamp::from_naive(next.and_time(chrono::NaiveTime::MIN)))
}

fn letter(bot: &str, link: &str, row: &InvitationRow) -> String {
    format!(
        "{bot} invites you to a conversation.\r\n\r\n{link}\r\n\r\nThe link works until {} (UTC), up to {} times.\r\n",
        row.last_day, row.max_uses
    )
}
