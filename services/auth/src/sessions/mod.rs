//! Sessions: tokens signed with HS256 by a key that changes with time.
//!
//! The keys' ids are in the database, so that all instances sign and read alike; the keys themselves are derived from the
//! instance keys. A key that was superseded stays until every session it signed has ended.

mod claims;
mod hs256;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Timestamp, TokenId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use store::{Conn, Db, StoreError, StoreResult};

pub(crate) use claims::{Held, Person};

use crate::store::jwt_keys;
use crate::store::rows::JwtKeyRow;
use host::keys::InstanceKeys;

const DAY_S: i64 = 24 * 60 * 60;

/// Opens and reads sessions.
pub(crate) struct Sessions {
    keys: InstanceKeys,
    /// How long a session lasts, in seconds.
    lasts_s: i64,
    /// How old a key may become, in seconds.
    rotation_s: i64,
    /// Keys read before, by id. There are as many as were made within the life of a session.
    known: RwLock<HashMap<String, Arc<[u8; 32]>>>,
}

/// A new session.
pub(crate) struct Signed {
    pub id: TokenId,
    pub secret: String,
    pub expires_at: Timestamp,
}

/// Whether a secret has the form of a signed token.
pub(crate) fn looks_like_one(secret: &str) -> bool {
    secret.bytes().filter(|b| *b == b'.').count() == 2
}

impl Sessions {
    pub(crate) fn new(keys: InstanceKeys, session_days: u16, rotation_days: u16) -> Self {
        hs256::install();
        Self {
            keys,
            lasts_s: i64::from(session_days.max(1)) * DAY_S,
            rotation_s: i64::from(rotation_days.max(1)) * DAY_S,
            known: RwLock::default(),
        }
    }

    /// Signs a session of `person`.
    pub(crate) async fn open(&self, db: &Db, person: &Person<'_>, now: Timestamp) -> StoreResult<Signed> {
        let key = self.signing_key(db, now).await?;
        let secret = self.derive(&key)?;
        let (id, expires_at) = (TokenId::new(), now.plus_seconds(self.lasts_s));
        let header = Header { kid: Some(key.kid), ..Header::new(Algorithm::HS256) };
        let claims = claims::Claims::new(person, id, expires_at).map_err(|e| unsigned(&e))?;
        let signed = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret[..]));
        Ok(Signed { id, secret: signed.map_err(|e| unsigned(&e))?, expires_at })
    }

    /// What a session says, if we signed it and it has not ended. Whether its login still counts is not asked here.
    pub(crate) async fn read(&self, conn: &Conn, secret: &str, now: Timestamp) -> StoreResult<Option<Held>> {
        let Some(kid) = jsonwebtoken::decode_header(secret).ok().and_then(|header| header.kid) else { return Ok(None) };
        let Some(key) = self.key(conn, &kid).await? else { return Ok(None) };
        let mut rules = Validation::new(Algorithm::HS256);
        // The end is compared below, with our own clock.
        rules.validate_exp = false;
        rules.validate_aud = false;
        let read = jsonwebtoken::decode::<Held>(secret, &DecodingKey::from_secret(&key[..]), &rules);
        Ok(read.ok().map(|token| token.claims).filter(|held| now.micros() / 1_000_000 < held.exp))
    }

    /// The newest key, or a new one when that is too old.
    async fn signing_key(&self, db: &Db, now: Timestamp) -> StoreResult<JwtKeyRow> {
        let newest = {
            let conn = db.read().await?;
            jwt_keys::newest(&conn).await?
        };
        let generation = match newest {
            Some(key) if now < key.created_at.plus_seconds(self.rotation_s) => return Ok(key),
            Some(key) => key.generation + 1,
            None => 1,
        };
        let kid: [u8; 8] = rand::random();
        let next = JwtKeyRow {
            generation,
            kid: hex::encode(kid),
            key_id: self.keys.newest().to_owned(),
            created_at: now,
            superseded_at: None,
        };
        let mut tx = db.begin().await?;
        jwt_keys::succeed(&mut tx, &next).await?;
        // A session may have been signed while its key was being superseded: a day is more than enough.
        jwt_keys::forget(&mut tx, now.plus_seconds(-self.lasts_s - DAY_S)).await?;
        // Another instance may have been faster.
        let signs = jwt_keys::newest(&tx).await?.ok_or(StoreError::NotFound)?;
        tx.commit().await?;
        tracing::info!(generation = signs.generation, "sessions are signed by a new key");
        Ok(signs)
    }

    async fn key(&self, conn: &Conn, kid: &str) -> StoreResult<Option<Arc<[u8; 32]>>> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(kid) {
            return Ok(Some(known.clone()));
        }
        let Some(row) = jwt_keys::by_kid(conn, kid).await? else { return Ok(None) };
        let key = Arc::new(self.derive(&row)?);
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(row.kid, key.clone());
        Ok(Some(key))
    }

    fn derive(&self, row: &JwtKeyRow) -> StoreResult<[u8; 32]> {
        self.keys.derive(&row.key_id, &[b"session key", row.kid.as_bytes()])
    }
}

fn unsigned(e: &dyn std::error::Error) -> StoreError {
    StoreError::Corrupt { table: "jwt_keys", column: "kid", detail: format!("cannot sign a session: {e}") }
}
