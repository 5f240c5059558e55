//! `third_parties/user/new`.

use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

on_each_stack! {
    async fn a_repeat_is_the_same_user(t: Tenant) {
        let name = unique("visitor");
        let imbee = t.imbee();
        let first = body(imbee.corporate("/third_parties/user/new", &device(&name)).send().await);
        // Another device of the same person.
        let asked = json!({ "uniqueIdSha": name, "platform": "other" });
        let again = body(imbee.corporate("/third_parties/user/new", &asked).send().await);
        assert_eq!((&first["previously_registered"], &again["previously_registered"]), (&json!(false), &json!(true)));
        for key in ["virtualUser", "pass", "apikey"] {
            assert_eq!(again[key], first[key], "{key}");
        }
        assert_ne!(first["pass"], first["apikey"]);
        let other = imbee.guest().await;
        assert_ne!(json!(other.idsha), first["virtualUser"]);
        assert_ne!(json!(other.apikey), first["apikey"]);
    }

    /// One namespace with `token/new`, which introduces a person but does not register them.
    async fn a_person_known_by_a_token_is_not_yet_registered(t: Tenant) {
        let name = unique("visitor");
        let asked =
            json!({ "virtual_user": name, "bot_idsha": t.credential("/imbee/bot_idsha"), "mail": "v@example.org" });
        let token = body(t.imbee().corporate("/token/new", &asked).send().await);
        let user = body(t.imbee().corporate("/third_parties/user/new", &device(&name)).send().await);
        assert_eq!(user["virtualUser"], token["user_idsha"]);
        assert_eq!(user["previously_registered"], false);
    }

    /// The same identifier in another tenant is somebody else.
    async fn identifiers_belong_to_a_tenant(t: Tenant) {
        let other = t.another().await;
        let (one, two) = (t.imbee().register("same").await, other.imbee().register("same").await);
        assert_ne!(one.apikey, two.apikey);
        assert_ne!(one.id(&t).await, two.id(&other).await);
    }

    async fn twenty_at_once_make_one_user(t: Tenant) {
        let (imbee, asked) = (t.imbee(), device(&unique("visitor")));
        let replies = (0..20).map(|_| imbee.corporate("/third_parties/user/new", &asked).send());
        let users: Vec<Value> = futures_util::future::join_all(replies).await.into_iter().map(body).collect();
        assert_eq!(users.iter().filter(|user| user["previously_registered"] == false).count(), 1);
        for key in ["virtualUser", "pass", "apikey"] {
            assert!(users.iter().all(|user| user[key] == users[0][key]), "{key}");
        }
    }

    /// Only `uniqueIdSha` is required; it is any text.
    async fn identifiers(t: Tenant) {
        let imbee = t.imbee();
        for good in ["x", "ABC", " spaced out ", "'; DROP TABLE users; --", "\u{1F600}", &"long ".repeat(100)] {
            body(imbee.corporate("/third_parties/user/new", &json!({ "uniqueIdSha": good })).send().await);
        }
        for wrong in [
            json!({}),
            json!({ "uniqueIdSha": "" }),
            json!({ "uniqueIdSha": null }),
            json!({ "uniqueIdSha": 5 }),
            json!({ "uniqueIdSha": ["x"] }),
            json!({ "uniqueidsha": "x" }),
            json!([]),
            json!(null),
        ] {
            refused(imbee.corporate("/third_parties/user/new", &wrong).send().await, 200);
        }
    }

    /// Who registers here can be found elsewhere by the id they got here.
    async fn a_registered_user_has_an_id_on_every_surface(t: Tenant) {
        let guest = t.imbee().guest().await;
        let id = guest.id(&t).await;
        let view = t.operator("GET", &format!("/users/{id}")).send().await.ok();
        assert_eq!(view["identities"]["imbee"], guest.idsha.as_str());
        assert_eq!(view["identities"]["voipbin"], id.as_str());
    }
}
