//! People whom vendors' clients know by ids of their own.

use std::sync::Arc;

use contracts::UsersApi as _;
use contracts::users::{CreateUser, DeleteUser, EnsureUser, FindUser, UserKey, UsersError};
use domain::{Surface, TenantId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES};

on_each_engine! {
    migrations = TREES;

    async fn the_same_id_is_the_same_user(db: Db) {
        let fx = Fixture::new(&db);
        let first = fx.users.ensure(fx.client(Surface::Imbee, "dev-1")).await.unwrap();
        let again = fx.users.ensure(fx.client(Surface::Imbee, "dev-1")).await.unwrap();
        assert!(first.created && !again.created && first.user == again.user);
        // Another surface's client means somebody else by it, and so does another tenant's.
        let zenvia = fx.users.ensure(fx.client(Surface::Zenvia, "dev-1")).await.unwrap();
        let elsewhere = EnsureUser { tenant: TenantId::new(), ..fx.client(Surface::Imbee, "dev-1") };
        let elsewhere = fx.users.ensure(elsewhere).await.unwrap();
        assert!(zenvia.created && elsewhere.created && elsewhere.user.idsha != first.user.idsha);

        let key = UserKey::External(Surface::Imbee, "dev-1".into());
        let found = fx.users.find(FindUser { tenant: fx.tenant, key }).await.unwrap();
        assert_eq!(found, Some(first.user));
    }

    async fn at_the_same_instant_it_is_one_user(db: Db) {
        let fx = Arc::new(Fixture::new(&db));
        for round in 0..3 {
            let all: Vec<_> = (0..20)
                .map(|_| {
                    let fx = fx.clone();
                    tokio::spawn(async move {
                        fx.users.ensure(fx.client(Surface::Imbee, &format!("dev-{round}"))).await.unwrap()
                    })
                })
                .collect();
            let mut users = Vec::new();
            let mut created = 0;
            for one in all {
                let one = one.await.unwrap();
                created += u32::from(one.created);
                users.push(one.user.id);
            }
            users.dedup();
            assert_eq!((created, users.len()), (1, 1));
        }
    }

    async fn imbee_names_others_by_their_idsha(db: Db) {
        let fx = Fixture::new(&db);
        let ann = fx.user("Ann").await;
        let named = fx.users.ensure(fx.client(Surface::Imbee, &ann.idsha)).await.unwrap();
        assert!(!named.created && named.user == ann);
        // Only on imBee, and only within the tenant.
        assert!(fx.users.ensure(fx.client(Surface::Zenvia, &ann.idsha)).await.unwrap().created);
        let elsewhere = EnsureUser { tenant: TenantId::new(), ..fx.client(Surface::Imbee, &ann.idsha) };
        assert!(fx.users.ensure(elsewhere).await.unwrap().created);
        // The id imBee showed for a client of its own leads back to them, too.
        let dev = fx.users.ensure(fx.client(Surface::Imbee, "dev")).await.unwrap().user;
        assert_eq!(fx.users.ensure(fx.client(Surface::Imbee, &dev.idsha)).await.unwrap().user, dev);
    }

    async fn who_comes_back_after_deletion_is_somebody_new(db: Db) {
        let fx = Fixture::new(&db);
        let old = fx.users.ensure(fx.client(Surface::Imbee, "dev")).await.unwrap().user;
        fx.users.delete(DeleteUser { tenant: fx.tenant, id: old.id }).await.unwrap();
        let new = fx.users.ensure(fx.client(Surface::Imbee, "dev")).await.unwrap();
        assert!(new.created && new.user.id != old.id && new.user.idsha != old.idsha && new.user.idsha.len() == 40);
        assert_eq!(fx.users.ensure(fx.client(Surface::Imbee, "dev")).await.unwrap().user, new.user);
    }

    async fn any_text_is_an_id(db: Db) {
        let fx = Fixture::new(&db);
        for external in ["é\u{1F600}", "a\0b", &"x".repeat(100_000)] {
            let one = fx.users.ensure(fx.client(Surface::Imbee, external)).await.unwrap();
            assert!(one.created);
            assert_eq!(fx.users.ensure(fx.client(Surface::Imbee, external)).await.unwrap().user, one.user);
        }
        let none = fx.users.ensure(fx.client(Surface::Imbee, "")).await;
        assert!(matches!(none, Err(UsersError::Invalid(_))));
    }

    async fn an_email_somebody_has_is_left_out(db: Db) {
        let fx = Fixture::new(&db);
        fx.users.create(CreateUser { email: Some("a@b".into()), ..fx.draft("Ann") }).await.unwrap();
        for (external, email, kept) in [("1", "A@b", None), ("2", "nonsense", None), ("3", "c@d", Some("c@d"))] {
            let client = EnsureUser { email: Some(email.into()), ..fx.client(Surface::Imbee, external) };
            assert_eq!(fx.users.ensure(client).await.unwrap().user.email.as_deref(), kept);
        }
    }
}
