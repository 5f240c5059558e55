//! Signed sessions: what they say, who reads them, when their keys change.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contracts::auth::AuthError;
use domain::TokenKind;
use serde_json::Value;
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees};

const DAY: i64 = 24 * 60 * 60;

fn part(token: &str, at: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

on_each_engine! {
    migrations = trees();

    async fn a_session_has_the_claims_of_both_eras(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let session = world.log_in(&made.login, &made.password).await.unwrap();
        let (header, claims) = (part(&session.secret, 0), part(&session.secret, 1));
        assert_eq!(header["alg"], "HS256");
        let customer: Value = serde_json::from_str(claims["customer"].as_str().unwrap()).unwrap();
        assert_eq!(customer["id"], made.tenant.id.to_string());
        assert_eq!(claims["agent"]["id"], made.tenant.admin.to_string());
        assert_eq!(claims["agent"]["permission"], 32);
        assert_eq!(claims["expire"], "2026-11-28 10:00:00.000000");
        assert_eq!(claims["exp"], session.expires_at.micros() / 1_000_000);
    }

    async fn a_session_lasts_seven_days(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let session = world.log_in(&made.login, &made.password).await.unwrap();
        let ask = async || world.who(&[(TokenKind::VoipbinSession, &session.secret)]).await;
        world.later(7 * DAY - 1);
        ask().await.unwrap();
        world.later(1);
        assert_eq!(ask().await.err(), Some(AuthError::Unauthenticated));
    }

    async fn forged_sessions_are_refused(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let session = world.log_in(&made.login, &made.password).await.unwrap();
        let parts: Vec<&str> = session.secret.split('.').collect();
        let mut claims = part(&session.secret, 1);
        claims["generation"] = 2.into();
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
        let kid = part(&session.secret, 0)["kid"].clone();
        let none = URL_SAFE_NO_PAD.encode(serde_json::json!({"alg": "none", "kid": kid}).to_string());
        let unknown = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"0000"}"#);
        for forged in [
            format!("{}.{claims}.{}", parts[0], parts[2]),
            format!("{none}.{}.", parts[1]),
            format!("{unknown}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], parts[1], "AAAA"),
            "..".to_owned(),
        ] {
            let refused = world.who(&[(TokenKind::VoipbinSession, &forged)]).await;
            assert_eq!(refused.err(), Some(AuthError::Unauthenticated), "{forged}");
        }
    }

    async fn keys_change_and_old_ones_stay_while_needed(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let kid = |secret: &str| part(secret, 0)["kid"].clone();
        let (a, b) = tokio::join!(
            world.log_in(&made.login, &made.password),
            world.log_in(&made.login, &made.password)
        );
        let (first, other) = (a.unwrap().secret, b.unwrap().secret);
        assert_eq!(kid(&first), kid(&other));
        world.later(29 * DAY);
        let last = world.log_in(&made.login, &made.password).await.unwrap().secret;
        assert_eq!(kid(&first), kid(&last));
        world.later(DAY);
        let second = world.log_in(&made.login, &made.password).await.unwrap().secret;
        assert_ne!(kid(&first), kid(&second));
        // An instance that never saw the old key reads what it signed.
        for secret in [&last, &second] {
            world.beside(&[]).who(&[(TokenKind::VoipbinSession, secret)]).await.unwrap();
        }
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM jwt_keys").await, 2);
        world.later(30 * DAY);
        world.log_in(&made.login, &made.password).await.unwrap();
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM jwt_keys").await, 2);
    }
}
