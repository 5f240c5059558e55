//! Address books.

use contracts::UsersApi as _;
use contracts::users::{Book, ChangeBook, DeleteUser, GroupKeys, GroupsBy, OutsideBook, UsersByNumbers, UsersError};
use domain::{Limit, Principal, Role, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES};

fn by(fx: &Fixture, user: UserId) -> Principal {
    Principal { user: Some(user), role: Role::Agent, ..fx.admin() }
}

async fn change(fx: &Fixture, owner: UserId, add: &[UserId], remove: &[UserId]) {
    let command = ChangeBook { by: by(fx, owner), add: add.to_vec(), remove: remove.to_vec() };
    fx.users.change_book(command).await.unwrap();
}

fn book(fx: &Fixture, owner: UserId) -> Book {
    Book { tenant: fx.tenant, owner, name: None, before: None, limit: Limit::clamped(100) }
}

async fn entries(fx: &Fixture, asked: Book) -> Vec<UserId> {
    fx.users.book(asked).await.unwrap().items.iter().map(|contact| contact.user.id).collect()
}

async fn outside(fx: &Fixture, owner: UserId, roles: &[Role]) -> Vec<UserId> {
    let (tenant, limit) = (fx.tenant, Limit::clamped(100));
    let asked = OutsideBook { tenant, owner, roles: roles.to_vec(), after: None, limit };
    fx.users.outside_book(asked).await.unwrap().items.iter().map(|user| user.id).collect()
}

on_each_engine! {
    migrations = TREES;

    async fn the_last_one_added_comes_first_and_nobody_twice(db: Db) {
        let fx = Fixture::new(&db);
        let (me, ann, bob, cleo) =
            (fx.user("Me").await.id, fx.user("Ann").await.id, fx.user("Bob").await.id, fx.user("Cleo").await.id);
        change(&fx, me, &[ann, bob, ann], &[]).await;
        change(&fx, me, &[cleo, ann, me, UserId::new()], &[]).await;
        assert_eq!(entries(&fx, book(&fx, me)).await, [cleo, bob, ann]);
        assert!(entries(&fx, book(&fx, ann)).await.is_empty(), "a book is its owner's alone");
        change(&fx, me, &[], &[bob, bob, UserId::new()]).await;
        assert_eq!(entries(&fx, book(&fx, me)).await, [cleo, ann]);
        change(&fx, me, &[bob], &[bob]).await;
        assert_eq!(entries(&fx, book(&fx, me)).await, [bob, cleo, ann]);

        let first = fx.users.book(Book { limit: Limit::clamped(2), ..book(&fx, me) }).await.unwrap();
        assert!(first.more);
        let before = first.items.last().map(|contact| contact.number);
        assert_eq!(entries(&fx, Book { before, ..book(&fx, me) }).await, [ann]);
        fx.users.delete(DeleteUser { tenant: fx.tenant, id: cleo }).await.unwrap();
        assert_eq!(entries(&fx, book(&fx, me)).await, [bob, ann]);
        change(&fx, me, &[cleo], &[]).await;
        assert_eq!(entries(&fx, book(&fx, me)).await, [bob, ann], "who is deleted is in no book");
    }

    async fn a_search_looks_into_names_only(db: Db) {
        let fx = Fixture::new(&db);
        let me = fx.user("Me").await.id;
        let mut draft = fx.draft("Ann%");
        (draft.surname, draft.email) = (Some("Lee".into()), Some("bob@example.org".into()));
        let ann = fx.users.create(draft).await.unwrap().id;
        let bob = fx.user("Bob").await.id;
        change(&fx, me, &[ann, bob], &[]).await;
        for (name, found) in
            [("BO", vec![bob]), ("n% l", vec![ann]), ("example", vec![]), ("b\no", vec![]), ("\0", vec![]), ("_", vec![])]
        {
            let asked = Book { name: Some(name.to_owned()), ..book(&fx, me) };
            assert_eq!(entries(&fx, asked).await, found, "{name:?}");
        }
    }

    async fn everybody_else_is_outside(db: Db) {
        let fx = Fixture::new(&db);
        let (me, ann, bob) = (fx.user("Me").await.id, fx.user("Ann").await.id, fx.user("Bob").await.id);
        let mut draft = fx.draft("Visitor");
        draft.role = Role::Customer;
        let visitor = fx.users.create(draft).await.unwrap().id;
        assert_eq!(outside(&fx, me, &[]).await, [ann, bob, visitor]);
        assert_eq!(outside(&fx, me, &[Role::Agent, Role::Bot]).await, [ann, bob]);
        change(&fx, me, &[ann], &[]).await;
        assert_eq!(outside(&fx, me, &[Role::Agent]).await, [bob]);
        assert_eq!(outside(&fx, ann, &[Role::Agent]).await, [me, bob]);
        fx.users.delete(DeleteUser { tenant: fx.tenant, id: bob }).await.unwrap();
        assert!(outside(&fx, me, &[Role::Agent]).await.is_empty());
    }

    async fn tenants_do_not_meet(db: Db) {
        let (fx, other) = (Fixture::new(&db), Fixture::new(&db));
        let (me, stranger) = (fx.user("Me").await, other.user("Stranger").await);
        change(&fx, me.id, &[stranger.id], &[]).await;
        assert!(entries(&fx, book(&fx, me.id)).await.is_empty() && outside(&fx, me.id, &[]).await.is_empty());
        let numbers = vec![me.number, stranger.number, -1];
        let found = fx.users.by_numbers(UsersByNumbers { tenant: fx.tenant, numbers }).await.unwrap();
        assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), [me.id]);

        let made = contracts::users::CreateGroup { by: fx.admin(), name: "News".into(), idempotency: None };
        let group = fx.users.create_group(made).await.unwrap();
        for keys in [GroupKeys::Ids(vec![group.id]), GroupKeys::Numbers(vec![group.number, -1])] {
            let here = fx.users.groups_by(GroupsBy { tenant: fx.tenant, keys: keys.clone() }).await.unwrap();
            assert_eq!(here, std::slice::from_ref(&group));
            assert!(fx.users.groups_by(GroupsBy { tenant: TenantId::new(), keys }).await.unwrap().is_empty());
        }
        let nobody = Principal { user: None, ..fx.admin() };
        let refused = fx.users.change_book(ChangeBook { by: nobody, add: vec![], remove: vec![] }).await;
        assert_eq!(refused, Err(UsersError::Forbidden));
    }
}
