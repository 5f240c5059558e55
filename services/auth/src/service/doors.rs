//! How somebody without an account comes into a chat: by its password, or by a code mailed to them.
//!
//! Nothing here tells an unknown address from a known one to whoever has neither password nor code: a wrong password fails
//! before addresses are looked at, and every code that does not fit fails alike.

use contracts::auth::{
    AskPassword, AuthError, ChatPassword, IssuedToken, Knock, LetIn, MailCode, MustProve, RedeemCode, TryCode,
};
use domain::{ChatId, CodeId, Idempotency, InvitationId, MessageId, TenantId, Timestamp, TokenId, TokenKind, UserId};
use host::once::{Request, claim, keep};
use sha2::{Digest as _, Sha256};
use store::idempotency::{self, Claim};
use subtle::ConstantTimeEq as _;

use super::tokens::NewToken;
use super::{Answer, Auth, key};
use crate::delivery::{Channel, SECRET, SecretOf};
use crate::secrets::{self, Origin};
use crate::store::rows::{CodeRow, OutgoingRow, PasswordRow};
use crate::store::{doors, outgoing, tenants};

/// The time in which codes to an address are counted, in seconds.
const HOUR_S: i64 = 3600;

impl Auth {
    pub(super) async fn password_of(&self, AskPassword { tenant, chat }: AskPassword) -> Answer<ChatPassword> {
        if let Some(password) = self.kept_password(tenant, chat).await? {
            return Ok(ChatPassword { password });
        }
        let mut tx = self.db.begin().await?;
        if !tenants::hold(&mut tx, tenant).await? {
            return Err(AuthError::TenantNotFound.into());
        }
        let (key_id, created_at) = (self.keys.newest().to_owned(), self.clock.now());
        let row = PasswordRow { chat_id: chat, tenant_id: tenant, key_id, generation: 1, created_at };
        doors::add_password(&mut tx, &row).await?;
        tx.commit().await?;
        let password = self.kept_password(tenant, chat).await?.ok_or(AuthError::TenantNotFound)?;
        Ok(ChatPassword { password })
    }

    /// The password, if it was ever asked for.
    async fn kept_password(&self, tenant: TenantId, chat: ChatId) -> Answer<Option<String>> {
        let conn = self.db.read().await?;
        let Some(row) = doors::password(&conn, tenant, chat).await? else { return Ok(None) };
        let origin = Origin { key_id: &row.key_id, generation: row.generation };
        Ok(Some(origin.chat_password(&self.keys, chat)?))
    }

    pub(super) async fn check_password(&self, command: Knock) -> Answer<()> {
        let Knock { tenant, chat, password, address } = command;
        let now = self.clock.now();
        let counted = self.counted_address(address);
        self.check_failures(&counted, now).await?;
        let right = self.kept_password(tenant, chat).await?;
        if right.is_some_and(|right| bool::from(right.as_bytes().ct_eq(password.as_bytes()))) {
            return Ok(());
        }
        self.count_failure(&counted, now).await?;
        Err(AuthError::WrongPassword.into())
    }

    pub(super) async fn proof_needed(&self, MustProve { tenant, user }: MustProve) -> Answer<bool> {
        let role = self.user(tenant, user).await?.ok_or(AuthError::UserNotFound)?.role;
        if role.is_staff() {
            return Ok(true);
        }
        let conn = self.db.read().await?;
        Ok(doors::is_known(&conn, tenant, user).await?)
    }

    pub(super) async fn send_code(&self, command: MailCode) -> Answer<()> {
        let MailCode { tenant, chat, user, email, idempotency } = command;
        self.living(tenant, &[user]).await?;
        let now = self.clock.now();
        let address = address_hash(tenant, &email);
        let mut tx = self.db.begin().await?;
        // Holds the tenant: of calls at the same instant each counts the others.
        if !tenants::hold(&mut tx, tenant).await? {
            return Err(AuthError::TenantNotFound.into());
        }
        match claim::<()>(&mut tx, idempotency.as_ref(), now).await? {
            Request::New => {}
            Request::Repeated(()) => return Ok(()),
            Request::KeyReused => return Err(AuthError::KeyReused.into()),
        }
        let horizon = now.plus_seconds(-HOUR_S);
        let mailed = doors::mailed_since(&tx, address, horizon).await?;
        if let Some(retry_after_s) = wait(&mailed, self.settings.codes_per_hour, now) {
            return Err(AuthError::Limited { retry_after_s }.into());
        }
        let row = self.new_code((tenant, chat), user, address, now)?;
        doors::forget(&mut tx, address, horizon.plus_seconds(-HOUR_S)).await?;
        doors::add_code(&mut tx, &row).await?;
        outgoing::insert(&mut tx, vec![self.letter(&row, email, now)]).await?;
        keep(&mut tx, idempotency.as_ref(), tenant, &()).await?;
        tx.commit().await?;
        self.queued.notify_one();
        Ok(())
    }

    fn new_code(
        &self,
        (tenant, chat): (TenantId, ChatId),
        user: UserId,
        address: [u8; 32],
        now: Timestamp,
    ) -> Answer<CodeRow> {
        let (id, key_id) = (CodeId::new(), self.keys.newest());
        let code = secrets::code(&self.keys, key_id, id)?;
        Ok(CodeRow {
            id,
            tenant_id: tenant,
            chat_id: chat,
            user_id: user,
            address_hash: address.to_vec(),
            code_hash: secrets::code_hash(&self.keys, key_id, id, &code)?.to_vec(),
            key_id: key_id.to_owned(),
            tries: 0,
            created_at: now,
            expires_at: now.plus_seconds(i64::from(self.settings.code_minutes) * 60),
            used_at: None,
        })
    }

    /// The mail, without the code: that is put in when it is sent.
    fn letter(&self, code: &CodeRow, recipient: String, now: Timestamp) -> OutgoingRow {
        let minutes = self.settings.code_minutes;
        OutgoingRow {
            id: MessageId::new(),
            tenant_id: code.tenant_id,
            user_id: code.user_id,
            channel: Channel::Mail.as_str().to_owned(),
            recipient,
            subject: "Your code for the chat".to_owned(),
            body: format!(
                "Your code for the chat is:\r\n\r\n{SECRET}\r\n\r\nIt works once, within {minutes} minutes. \
                 If you did not ask for it, do nothing.\r\n"
            ),
            invitation_id: InvitationId::from_uuid(code.id.uuid()),
            generation: 1,
            key_id: code.key_id.clone(),
            attempts: 0,
            due_at: now,
            created_at: now,
            secret_of: SecretOf::Code.as_str().to_owned(),
        }
    }

    pub(super) async fn check_code(&self, command: TryCode) -> Answer<LetIn> {
        let TryCode { tenant, chat, email, code, idempotency } = command;
        if let Some(user) = self.let_in_before(tenant, idempotency.as_ref()).await? {
            return Ok(LetIn { user, code: None });
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let most = i64::from(self.settings.code_tries);
        let live = doors::try_codes(&mut tx, (tenant, chat), address_hash(tenant, &email), most, now).await?;
        let mut right = None;
        for row in live {
            let hash = secrets::code_hash(&self.keys, &row.key_id, row.id, &code)?;
            if bool::from(hash.ct_eq(&row.code_hash[..])) {
                right = Some(row);
            }
        }
        if let Some(row) = &right {
            // Only guesses count: a client whose request broke off behind this may come again until the code expires.
            doors::give_back(&mut tx, row.id).await?;
        }
        // A try counts also when it fails.
        tx.commit().await?;
        let CodeRow { id, user_id: user, .. } = right.ok_or(AuthError::WrongCode)?;
        self.user(tenant, user).await?.ok_or(AuthError::WrongCode)?;
        Ok(LetIn { user, code: Some(id) })
    }

    /// Whom the same request has let in before.
    async fn let_in_before(&self, tenant: TenantId, request: Option<&Idempotency>) -> Answer<Option<UserId>> {
        let Some(request) = request else { return Ok(None) };
        let mut tx = self.db.begin().await?;
        let claim = idempotency::claim(&mut tx, request, self.clock.now()).await?;
        // Only a look: whoever fails now has promised nothing.
        tx.rollback().await?;
        match claim {
            Claim::New => Ok(None),
            Claim::Replay(id) => Ok(self.issued_before(tenant, &id).await?.token.user),
            Claim::Mismatch => Err(AuthError::KeyReused.into()),
        }
    }

    /// The code and its credential in one transaction: of two requests with one code one gets in, and a request that breaks
    /// off before leaves the code as it was.
    pub(super) async fn use_code(&self, command: RedeemCode) -> Answer<IssuedToken> {
        let RedeemCode { tenant, chat, code, idempotency } = command;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if let Some(request) = &idempotency {
            match idempotency::claim(&mut tx, request, now).await? {
                Claim::New => {}
                Claim::Replay(id) => {
                    tx.rollback().await?;
                    return self.issued_before(tenant, &id).await;
                }
                Claim::Mismatch => return Err(AuthError::KeyReused.into()),
            }
        }
        let id = code.ok_or(AuthError::WrongCode)?;
        let user = doors::use_up(&mut tx, (tenant, chat), id, now).await?.ok_or(AuthError::WrongCode)?;
        let request_key = idempotency.map(|request| request.key);
        let plain = NewToken::plain(TokenId::new(), tenant, TokenKind::ChatUser, "");
        let new = NewToken { user: Some(user), chat: Some(chat), request_key, ..plain };
        let issued = self.insert_token(&mut tx, new, self.keys.newest(), now).await?;
        if let Some(request) = &idempotency {
            // Only the id is kept: the secret follows from it.
            idempotency::keep(&mut tx, &request.key, &format!("\"{}\"", issued.token.id)).await?;
        }
        tx.commit().await?;
        Ok(issued)
    }
}

/// What codes to an address are found and counted by.
fn address_hash(tenant: TenantId, email: &str) -> [u8; 32] {
    Sha256::new().chain_update(tenant.bytes()).chain_update(key(email)).finalize().into()
}

/// Whole seconds until one more may be mailed, if there were too many within the hour.
fn wait(mailed: &[Timestamp], most: u32, now: Timestamp) -> Option<u32> {
    let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
    let first = mailed.len().checked_sub(most).and_then(|at| mailed.get(at))?;
    let micros = (first.plus_seconds(HOUR_S).micros() - now.micros()).max(1);
    Some(u32::try_from((micros + 999_999) / 1_000_000).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_waits_for_the_first_to_be_an_hour_old() {
        let at = |s: i64| Timestamp::from_micros(s * 1_000_000);
        let mailed: Vec<Timestamp> = (0..10).map(at).collect();
        assert_eq!(wait(&mailed[..9], 10, at(60)), None);
        assert_eq!(wait(&mailed, 10, at(60)), Some(3540));
        assert_eq!(wait(&mailed, 9, at(60)), Some(3541));
    }

    #[test]
    fn an_address_is_found_without_case_and_in_its_tenant() {
        let (one, other) = (TenantId::new(), TenantId::new());
        assert_eq!(address_hash(one, "Ann@Example.org "), address_hash(one, "ann@example.org"));
        assert_ne!(address_hash(one, "ann@example.org"), address_hash(other, "ann@example.org"));
    }
}
