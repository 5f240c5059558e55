//! Credentials: issued, listed, revoked; and the standing ones.

use contracts::Invalid;
use contracts::auth::{
    AuthError, GetToken, IssueToken, IssuedToken, ListTokens, RevokeToken, StandToken, Standing, Token, UpdateToken,
};
use domain::{ChatId, Page, Scopes, TenantId, Timestamp, TokenId, TokenKind, UserId};
use proto_events::TokenRevoked;
use store::Tx;
use store::idempotency::{self, Claim};

use super::{Answer, Auth, Fault};
use crate::secrets::{self, Origin};
use crate::store::rows::{StandingRow, TokenRow};
use crate::store::{standing, tokens};

/// The longest name or text of a credential, in characters.
const TEXT: usize = 1000;

/// A credential to be made.
pub(super) struct NewToken {
    pub id: TokenId,
    pub tenant: TenantId,
    pub kind: TokenKind,
    pub user: Option<UserId>,
    pub chat: Option<ChatId>,
    pub name: String,
    pub detail: String,
    pub scopes: Scopes,
    pub generation: i64,
    pub expires_at: Option<Timestamp>,
    pub request_key: Option<[u8; 32]>,
}

impl NewToken {
    /// One that may do everything and does not end by itself.
    pub fn plain(id: TokenId, tenant: TenantId, kind: TokenKind, name: &str) -> Self {
        Self {
            id,
            tenant,
            kind,
            user: None,
            chat: None,
            name: name.to_owned(),
            detail: String::new(),
            scopes: Scopes::ALL,
            generation: 1,
            expires_at: None,
            request_key: None,
        }
    }
}

impl Auth {
    /// Adds a credential whose secret is derived under the instance key `key_id`, within the tenant's order.
    pub(super) async fn insert_token(
        &self,
        tx: &mut Tx,
        new: NewToken,
        key_id: &str,
        now: Timestamp,
    ) -> Answer<IssuedToken> {
        let created_at = self.token_at(tx, new.tenant, now).await?;
        let secret = Origin { key_id, generation: new.generation }.token(&self.keys, new.kind, new.id)?;
        let row = TokenRow {
            id: new.id,
            tenant_id: new.tenant,
            kind: new.kind,
            user_id: new.user,
            name: new.name,
            detail: new.detail,
            secret_hash: secrets::hash(&secret).to_vec(),
            prefix: secrets::prefix(&secret),
            key_id: key_id.to_owned(),
            generation: new.generation,
            may_read: new.scopes.read,
            may_write: new.scopes.write,
            request_key: new.request_key.map(|key| key.to_vec()),
            created_at,
            updated_at: created_at,
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
            chat_id: new.chat,
        };
        tokens::insert(tx, &row).await?;
        Ok(IssuedToken { token: row.into(), secret })
    }

    pub(super) async fn make_token(&self, command: IssueToken) -> Answer<IssuedToken> {
        let IssueToken { tenant, kind, user, chat, name, detail, scopes, expires_at, idempotency } = command;
        issuable(kind, user, chat)?;
        short("name", &name)?;
        short("detail", &detail)?;
        self.known(tenant, user).await?;
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
        let new = NewToken {
            id: TokenId::new(),
            tenant,
            kind,
            user,
            chat,
            name,
            detail,
            scopes,
            generation: 1,
            expires_at,
            request_key: idempotency.map(|request| request.key),
        };
        let issued = self.insert_token(&mut tx, new, self.keys.newest(), now).await?;
        if let Some(request) = &idempotency {
            // Only the id is kept: the secret follows from it.
            idempotency::keep(&mut tx, &request.key, &format!("\"{}\"", issued.token.id)).await?;
        }
        tx.commit().await?;
        Ok(issued)
    }

    pub(super) async fn issued_before(&self, tenant: TenantId, answer: &str) -> Answer<IssuedToken> {
        let id: TokenId = answer.trim_matches('"').parse().map_err(|_| AuthError::Internal)?;
        let conn = self.db.read().await?;
        let row = tokens::find(&conn, tenant, id).await?.ok_or(AuthError::TokenNotFound)?;
        let secret = row.origin().token(&self.keys, row.kind, row.id)?;
        Ok(IssuedToken { token: row.into(), secret })
    }

    pub(super) async fn list_tokens(&self, command: ListTokens) -> Answer<Page<Token>> {
        let ListTokens { tenant, kinds, user, before, limit } = command;
        let conn = self.db.read().await?;
        let rows = tokens::page(&conn, tokens::Filter { tenant, kinds: &kinds, user, before, limit }).await?;
        Ok(Page::cut(rows, limit).map(Token::from))
    }

    pub(super) async fn get_token(&self, GetToken { tenant, id }: GetToken) -> Answer<Token> {
        let conn = self.db.read().await?;
        Ok(tokens::find(&conn, tenant, id).await?.ok_or(AuthError::TokenNotFound)?.into())
    }

    pub(super) async fn rename_token(&self, command: UpdateToken) -> Answer<Token> {
        let UpdateToken { tenant, id, name, detail } = command;
        short("name", &name)?;
        short("detail", &detail)?;
        let mut tx = self.db.begin().await?;
        let row = tokens::rename(&mut tx, tenant, id, &name, &detail, self.clock.now()).await?;
        let row = row.ok_or(AuthError::TokenNotFound)?;
        tx.commit().await?;
        Ok(row.into())
    }

    pub(super) async fn end_token(&self, RevokeToken { tenant, id }: RevokeToken) -> Answer<Token> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let Some(row) = tokens::revoke(&mut tx, tenant, id, now).await? else {
            let before = tokens::find(&tx, tenant, id).await?;
            return before.map(Token::from).ok_or_else(|| Fault::from(AuthError::TokenNotFound));
        };
        self.outbox.append(&tx, &TokenRevoked { tenant, token: id }, now).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(row.into())
    }

    /// The same secret at each call, until revoked.
    pub(super) async fn standing(&self, StandToken { tenant, user, kind }: StandToken) -> Answer<Standing> {
        if !matches!(kind, TokenKind::ImbeeUser | TokenKind::ImbeeVisit) {
            return Err(AuthError::from(Invalid::new("kind", "has no standing credential")).into());
        }
        let found = {
            let conn = self.db.read().await?;
            standing::find(&conn, tenant, user, kind).await?
        };
        if let Some((_, token)) = found.filter(|(_, token)| token.counts(self.clock.now())) {
            return self.stands(&token, false);
        }
        self.known(tenant, Some(user)).await?;

        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        // Holds the tenant: of calls at the same instant one makes the credential and the others find it.
        self.token_at(&mut tx, tenant, now).await?;
        let before = standing::find(&tx, tenant, user, kind).await?;
        if let Some((_, token)) = before.as_ref().filter(|(_, token)| token.counts(now)) {
            return self.stands(token, false);
        }
        let id = TokenId::new();
        let generation = before.map_or(1, |(standing, _)| standing.generation + 1);
        let new = NewToken { user: Some(user), generation, ..NewToken::plain(id, tenant, kind, "") };
        self.insert_token(&mut tx, new, self.keys.newest(), now).await?;
        let row = StandingRow { tenant_id: tenant, user_id: user, kind, token_id: id, generation };
        standing::put(&mut tx, &row).await?;
        let token = tokens::find(&tx, tenant, id).await?.ok_or(store::StoreError::NotFound)?;
        tx.commit().await?;
        self.stands(&token, true)
    }

    fn stands(&self, token: &TokenRow, created: bool) -> Answer<Standing> {
        let secret = token.origin().token(&self.keys, token.kind, token.id)?;
        let pass = token.origin().pass(&self.keys, token.kind, token.id)?;
        Ok(Standing { secret, pass, created })
    }
}

/// Whether credentials of this kind are made on request, and for a user when they need one.
fn issuable(kind: TokenKind, user: Option<UserId>, chat: Option<ChatId>) -> Result<(), AuthError> {
    if chat.is_some() != (kind == TokenKind::ChatUser) {
        return Err(Invalid::new("chat", "is for this one kind, and required there").into());
    }
    match kind {
        TokenKind::VoipbinSession | TokenKind::OdooSession | TokenKind::Root => {
            Err(Invalid::new("kind", "is not issued").into())
        }
        TokenKind::ImbeeUser | TokenKind::ImbeeVisit | TokenKind::Connectnow | TokenKind::ChatUser
            if user.is_none() =>
        {
            Err(Invalid::new("user", "is required for this kind").into())
        }
        TokenKind::ImbeeUser
        | TokenKind::ImbeeVisit
        | TokenKind::Connectnow
        | TokenKind::ChatUser
        | TokenKind::ImbeeAuthorization
        | TokenKind::ImbeeCorporate
        | TokenKind::Zenvia
        | TokenKind::VoipbinAccessKey
        | TokenKind::Operator => Ok(()),
    }
}

fn short(field: &str, text: &str) -> Result<(), AuthError> {
    if text.chars().count() <= TEXT {
        Ok(())
    } else {
        Err(Invalid::new(field, format!("must have at most {TEXT} characters")).into())
    }
}
