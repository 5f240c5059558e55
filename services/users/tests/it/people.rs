//! Users: made, found, listed, changed, deleted.

use contracts::UsersApi as _;
use contracts::users::{
    CreateUser, DeleteUser, FindUser, ListUsers, UpdateUser, User, UserKey, UserOrder, UsersByIds, UsersByIdsha,
    UsersError,
};
use domain::{Limit, Role, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at, request};

fn change(user: &User) -> UpdateUser {
    UpdateUser {
        tenant: user.tenant,
        id: user.id,
        name: None,
        surname: None,
        email: None,
        phone: None,
        role: None,
        detail: None,
        extras: None,
        idempotency: None,
    }
}

fn listing(fx: &Fixture) -> ListUsers {
    ListUsers {
        tenant: fx.tenant,
        roles: Vec::new(),
        email: None,
        search: None,
        order: UserOrder::Before(None),
        limit: Limit::clamped(100),
    }
}

async fn find(fx: &Fixture, key: UserKey) -> Option<User> {
    fx.users.find(FindUser { tenant: fx.tenant, key }).await.unwrap()
}

fn map(json: &serde_json::Value) -> contracts::Extras {
    json.as_object().unwrap().clone()
}

on_each_engine! {
    migrations = TREES;

    async fn a_user_has_an_id_on_every_surface_from_the_start(db: Db) {
        let fx = Fixture::new(&db);
        let (ann, bob) = (fx.user("Ann").await, fx.user("Bob").await);
        assert!(ann.number < bob.number && ann.partner < bob.partner && ann.partner != ann.number);
        assert!(ann.idsha.len() == 40 && ann.idsha != bob.idsha);
        let names = [
            UserKey::Id(ann.id),
            UserKey::Number(ann.number),
            UserKey::Partner(ann.partner),
            UserKey::Idsha(ann.idsha.clone()),
        ];
        for name in names {
            assert_eq!(find(&fx, name.clone()).await.as_ref(), Some(&ann), "{name:?}");
            let elsewhere = FindUser { tenant: TenantId::new(), key: name };
            assert_eq!(fx.users.find(elsewhere).await.unwrap(), None);
        }
    }

    async fn times_rise_although_the_clock_does_not(db: Db) {
        let fx = Fixture::new(&db);
        let mut made = Vec::new();
        for n in 0..5 {
            fx.clock.set(at(-n * 10));
            made.push(fx.user("Ann").await);
        }
        assert!(made.windows(2).all(|w| w[0].created_at < w[1].created_at), "{made:?}");

        // Every page begins strictly before the last one's end: none is lost, none comes twice.
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = ListUsers { order: UserOrder::Before(before), limit: Limit::clamped(2), ..listing(&fx) };
            let page = fx.users.list(page).await.unwrap();
            before = page.items.last().map(|u| u.created_at);
            let more = page.more;
            seen.extend(page.items);
            if !more {
                break;
            }
        }
        made.reverse();
        assert_eq!(seen, made);

        let first = ListUsers { order: UserOrder::After(None), limit: Limit::clamped(3), ..listing(&fx) };
        let first = fx.users.list(first).await.unwrap();
        let rest = ListUsers { order: UserOrder::After(first.items.last().map(|u| u.id)), ..listing(&fx) };
        let rest = fx.users.list(rest).await.unwrap();
        let ids: Vec<UserId> = first.items.iter().chain(&rest.items).map(|u| u.id).collect();
        assert!(first.more && !rest.more && ids.len() == 5 && ids.is_sorted());
    }

    async fn an_email_belongs_to_one_living_user(db: Db) {
        let fx = Fixture::new(&db);
        let ann = CreateUser { email: Some("Ann@Example.org".into()), ..fx.draft("Ann") };
        let ann = fx.users.create(ann).await.unwrap();
        let twin = || CreateUser { email: Some("ann@example.ORG".into()), ..fx.draft("Twin") };
        assert_eq!(fx.users.create(twin()).await.unwrap_err(), UsersError::EmailTaken);
        assert_eq!(find(&fx, UserKey::Email("ANN@example.org".into())).await.unwrap().id, ann.id);

        let bob = fx.user("Bob").await;
        let taking = UpdateUser { email: Some(Some("ann@example.org".into())), ..change(&bob) };
        assert_eq!(fx.users.update(taking).await.unwrap_err(), UsersError::EmailTaken);
        let keeping = UpdateUser { email: Some(Some("ann@example.org".into())), ..change(&ann) };
        assert_eq!(fx.users.update(keeping).await.unwrap().email.as_deref(), Some("ann@example.org"));

        // Another tenant has its own.
        let elsewhere = CreateUser { tenant: TenantId::new(), ..twin() };
        fx.users.create(elsewhere).await.unwrap();

        let deleted = fx.users.delete(DeleteUser { tenant: fx.tenant, id: ann.id }).await.unwrap();
        assert!(deleted.deleted_at.is_some() && deleted.name == "Ann");
        assert_eq!(find(&fx, UserKey::Email("ann@example.org".into())).await, None);
        assert_eq!(find(&fx, UserKey::Id(ann.id)).await.as_ref(), Some(&deleted));
        fx.users.create(twin()).await.unwrap();

        let again = fx.users.delete(DeleteUser { tenant: fx.tenant, id: ann.id }).await.unwrap();
        assert_eq!(again, deleted);
        assert_eq!(fx.users.update(change(&ann)).await.unwrap_err(), UsersError::UserNotFound);
    }

    async fn the_same_email_at_the_same_instant_is_taken_once(db: Db) {
        let fx = std::sync::Arc::new(Fixture::new(&db));
        let all: Vec<_> = (0..12)
            .map(|_| {
                let fx = fx.clone();
                tokio::spawn(async move {
                    fx.users.create(CreateUser { email: Some("a@b".into()), ..fx.draft("Ann") }).await
                })
            })
            .collect();
        let mut made = 0;
        for one in all {
            match one.await.unwrap() {
                Ok(_) => made += 1,
                Err(e) => assert_eq!(e, UsersError::EmailTaken),
            }
        }
        assert_eq!(made, 1);
    }

    async fn a_change_leaves_the_rest(db: Db) {
        let fx = Fixture::new(&db);
        let ann = CreateUser {
            surname: Some("Lee".into()),
            phone: Some("+1".into()),
            extras: map(&serde_json::json!({"voipbin": {"a": 1, "b": 2}, "odoo": 1})),
            ..fx.draft("Ann")
        };
        let ann = fx.users.create(ann).await.unwrap();
        fx.clock.set(at(9));
        let new = UpdateUser {
            name: Some("Anna".into()),
            phone: Some(None),
            role: Some(Role::Manager),
            extras: Some(map(&serde_json::json!({"voipbin": {"a": 3, "c": {"d": [4]}}, "zenvia": true}))),
            ..change(&ann)
        };
        let new = fx.users.update(new).await.unwrap();
        assert_eq!((new.full_name().as_str(), new.phone.as_deref(), new.role), ("Anna Lee", None, Role::Manager));
        let extras = serde_json::json!({"voipbin": {"a": 3, "b": 2, "c": {"d": [4]}}, "odoo": 1, "zenvia": true});
        assert_eq!(new.extras, map(&extras));
        assert_eq!((new.created_at, new.updated_at), (ann.created_at, at(9)));
        assert_eq!(find(&fx, UserKey::Id(ann.id)).await, Some(new));
    }

    async fn a_part_is_removed_by_null_and_replaced_by_what_is_no_object(db: Db) {
        let fx = Fixture::new(&db);
        let kept = map(&serde_json::json!({"voipbin": {"a": 1, "tags": [1, 2]}, "odoo": {"x": 1}, "zenvia": 2}));
        let ann = fx.users.create(CreateUser { extras: kept, ..fx.draft("Ann") }).await.unwrap();
        let new = serde_json::json!({"voipbin": {"a": null, "tags": [3], "none": null}, "odoo": null, "zenvia": {"y": 3}});
        let new = fx.users.update(UpdateUser { extras: Some(map(&new)), ..change(&ann) }).await.unwrap();
        assert_eq!(new.extras, map(&serde_json::json!({"voipbin": {"tags": [3]}, "zenvia": {"y": 3}})));
    }

    /// Everybody saw the same user before changing their own part.
    async fn changes_of_different_parts_at_the_same_instant_all_count(db: Db) {
        let fx = std::sync::Arc::new(Fixture::new(&db));
        let ann = fx.user("Ann").await;
        let all: Vec<_> = (0..12)
            .map(|part| {
                let (fx, change) = (fx.clone(), change(&ann));
                let extras = Some(map(&serde_json::json!({"voipbin": {part.to_string(): part}})));
                tokio::spawn(async move { fx.users.update(UpdateUser { extras, ..change }).await })
            })
            .collect();
        for one in all {
            one.await.unwrap().unwrap();
        }
        let kept = find(&fx, UserKey::Id(ann.id)).await.unwrap().extras;
        let expected: contracts::Extras = (0..12).map(|part: i32| (part.to_string(), part.into())).collect();
        assert_eq!(kept["voipbin"], serde_json::Value::Object(expected));
    }

    async fn values_that_make_no_sense_are_refused(db: Db) {
        let fx = Fixture::new(&db);
        let bad = [
            CreateUser { name: " ".into(), ..fx.draft("") },
            CreateUser { name: "a\0b".into(), ..fx.draft("") },
            CreateUser { email: Some("nowhere".into()), ..fx.draft("Ann") },
            CreateUser { phone: Some("1".repeat(65)), ..fx.draft("Ann") },
        ];
        for bad in bad {
            assert!(matches!(fx.users.create(bad).await, Err(UsersError::Invalid(_))));
        }
        assert_eq!(find(&fx, UserKey::Email("a\0@b".into())).await, None);
        let many = UsersByIds { tenant: fx.tenant, ids: vec![UserId::new(); 1001] };
        assert!(matches!(fx.users.by_ids(many).await, Err(UsersError::Invalid(_))));
    }

    async fn lists_are_narrowed(db: Db) {
        let fx = Fixture::new(&db);
        let ann = CreateUser {
            surname: Some("ÅBERG".into()),
            email: Some("ann@x".into()),
            role: Role::Admin,
            ..fx.draft("Ann")
        };
        let ann = fx.users.create(ann).await.unwrap();
        let bob = fx.user("Bo_b%").await;
        let gone = fx.user("Gone").await;
        fx.users.delete(DeleteUser { tenant: fx.tenant, id: gone.id }).await.unwrap();

        let ids = async |list: ListUsers| -> Vec<UserId> {
            fx.users.list(list).await.unwrap().items.iter().map(|u| u.id).collect()
        };
        assert_eq!(ids(listing(&fx)).await, [bob.id, ann.id]);
        assert_eq!(ids(ListUsers { roles: vec![Role::Admin, Role::Bot], ..listing(&fx) }).await, [ann.id]);
        assert_eq!(ids(ListUsers { email: Some("ANN@X".into()), ..listing(&fx) }).await, [ann.id]);
        let found = async |text: &str| ids(ListUsers { search: Some(text.into()), ..listing(&fx) }).await;
        assert_eq!(found("åber").await, [ann.id]);
        assert_eq!(found("N@X").await, [ann.id]);
        assert_eq!(found("o_B%").await, [bob.id]);
        assert_eq!(found("a%g").await, []);
        assert_eq!(found("\0").await, []);
    }

    async fn many_are_read_at_once(db: Db) {
        let fx = Fixture::new(&db);
        let (ann, bob) = (fx.user("Ann").await, fx.user("Bob").await);
        let bob = fx.users.delete(DeleteUser { tenant: fx.tenant, id: bob.id }).await.unwrap();
        let all = UsersByIds { tenant: fx.tenant, ids: vec![ann.id, UserId::new(), bob.id, ann.id] };
        let mut all = fx.users.by_ids(all).await.unwrap();
        all.sort_by_key(|u| u.number);
        assert_eq!(all, [ann.clone(), bob.clone()]);
        let idshas = vec![ann.idsha.clone(), bob.idsha, "\0".into()];
        assert_eq!(fx.users.by_idsha(UsersByIdsha { tenant: fx.tenant, idshas }).await.unwrap(), std::slice::from_ref(&ann));
        let elsewhere = UsersByIds { tenant: TenantId::new(), ids: vec![ann.id] };
        assert_eq!(fx.users.by_ids(elsewhere).await.unwrap(), []);
    }

    async fn a_repeated_request_gets_its_first_answer(db: Db) {
        let fx = Fixture::new(&db);
        let one = CreateUser { idempotency: Some(request(1, 1)), ..fx.draft("Ann") };
        let ann = fx.users.create(one.clone()).await.unwrap();
        let renamed = UpdateUser { name: Some("Anna".into()), idempotency: Some(request(2, 2)), ..change(&ann) };
        let renamed = fx.users.update(renamed.clone()).await.map(|u| (renamed, u)).unwrap();
        assert_eq!(fx.users.create(one.clone()).await.unwrap(), ann);
        assert_eq!(fx.users.update(renamed.0).await.unwrap(), renamed.1);
        let other = CreateUser { idempotency: Some(request(1, 9)), ..one };
        assert_eq!(fx.users.create(other).await.unwrap_err(), UsersError::KeyReused);

        // An id that follows from something else is a promise, too.
        let id = Some(UserId::new());
        let bot = fx.users.create(CreateUser { id, ..fx.draft("Bot") }).await.unwrap();
        assert_eq!(fx.users.create(CreateUser { id, ..fx.draft("Other") }).await.unwrap(), bot);
        let theirs = CreateUser { id, tenant: TenantId::new(), ..fx.draft("Theirs") };
        assert!(matches!(fx.users.create(theirs).await, Err(UsersError::Invalid(_))));
        assert_eq!(fx.users.list(listing(&fx)).await.unwrap().items.len(), 2);
    }

    async fn changes_are_told(db: Db) {
        let fx = Fixture::new(&db);
        let ann = fx.user("Ann").await;
        fx.users.update(change(&ann)).await.unwrap();
        fx.users.delete(DeleteUser { tenant: fx.tenant, id: ann.id }).await.unwrap();
        fx.users.delete(DeleteUser { tenant: fx.tenant, id: ann.id }).await.unwrap();
        // The change and the first deletion; the second one changed nothing.
        assert_eq!(bus::outbox::pending(&db).await.unwrap(), 2);
    }
}
