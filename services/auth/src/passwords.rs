//! Password hashes: argon2id, on blocking threads, a bounded number at a time.

use std::sync::Arc;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use store::{StoreError, StoreResult};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Passwords {
    argon: Argon2<'static>,
    turns: Arc<Semaphore>,
    /// What the password of an unknown login is compared with, so that it takes as long as a known one's.
    nobody: Arc<str>,
}

impl Passwords {
    /// `memory_kib`, `passes`: the cost of one hash. `parallel`: how many at a time.
    pub(crate) fn new(memory_kib: u32, passes: u32, parallel: usize) -> Result<Self, String> {
        let params = Params::new(memory_kib, passes, 1, None).map_err(|e| e.to_string())?;
        let nobody = nobody(&params).ok_or("no hash has this cost")?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { argon, turns: Arc::new(Semaphore::new(parallel.max(1))), nobody: nobody.into() })
    }

    /// Waits for a turn. What is looked up while holding it is at most `parallel` attempts old.
    pub(crate) async fn turn(&self) -> StoreResult<Turn> {
        let permit = self.turns.clone().acquire_owned().await.map_err(|e| StoreError::Unavailable(e.into()))?;
        Ok(Turn { passwords: self.clone(), _permit: permit })
    }

    /// The hash to store for `password`.
    pub(crate) async fn hash(&self, password: &str) -> StoreResult<String> {
        let _turn = self.turn().await?;
        let (argon, password) = (self.argon.clone(), password.to_owned());
        let made = spawn_blocking(move || hash(&argon, password.as_bytes())).await?;
        made.ok_or_else(|| StoreError::Unavailable("argon2 made no hash".into()))
    }
}

/// The right to compute one hash at a time.
pub(crate) struct Turn {
    passwords: Passwords,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    /// Whether `password` is the one behind `stored`. Without one it is wrong, after the same time.
    pub(crate) async fn is_right(&self, password: &str, stored: Option<&str>) -> StoreResult<bool> {
        let known = stored.is_some();
        let against = stored.map_or_else(|| self.passwords.nobody.to_string(), ToOwned::to_owned);
        let (argon, password) = (self.passwords.argon.clone(), password.to_owned());
        let same = spawn_blocking(move || verify(&argon, password.as_bytes(), &against)).await?;
        Ok(same && known)
    }
}

/// A hash of this cost that no password has. It is drawn: computing one would hold its memory from the start on.
fn nobody(params: &Params) -> Option<String> {
    let (salt, output): ([u8; 16], [u8; 32]) = rand::random();
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).ok()?,
        salt: Some(Salt::new(&salt).ok()?),
        hash: Some(Output::new(&output).ok()?),
    };
    Some(hash.to_string())
}

fn hash(argon: &Argon2<'_>, password: &[u8]) -> Option<String> {
    argon.hash_password(password).ok().map(|hash| hash.to_string())
}

/// The cost is the stored hash's own.
fn verify(argon: &Argon2<'_>, password: &[u8], stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|stored| argon.verify_password(password, &stored).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::new(64, 1, 1).unwrap();
        let stored = passwords.hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let turn = passwords.turn().await.unwrap();
        assert!(turn.is_right("correct horse", Some(&stored)).await.unwrap());
        assert!(!turn.is_right("Correct horse", Some(&stored)).await.unwrap());
        assert!(!turn.is_right("correct horse", None).await.unwrap());
        assert!(!turn.is_right("x", Some("no hash")).await.unwrap());
    }

    /// Who is unknown is compared with a hash as dear as anybody's.
    #[test]
    fn nobody_costs_what_others_cost() {
        let params = Params::new(64, 2, 1, None).unwrap();
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let (known, unknown) = (hash(&argon, b"x").unwrap(), nobody(&params).unwrap());
        let cost = |hash: &str| Params::try_from(&PasswordHash::new(hash).unwrap()).unwrap();
        assert_eq!(cost(&known), cost(&unknown));
        assert_ne!(unknown, nobody(&params).unwrap());
        assert!(!verify(&argon, b"x", &unknown));
    }
}
