//! Groups.

use contracts::UsersApi as _;
use contracts::users::{CreateGroup, DeleteUser, ListGroups, SetMembers, UsersError};
use domain::{GroupId, Limit, Principal, Role, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, request};

fn group(fx: &Fixture, name: &str) -> CreateGroup {
    CreateGroup { by: fx.admin(), name: name.into(), idempotency: None }
}

fn listing(fx: &Fixture) -> ListGroups {
    ListGroups { tenant: fx.tenant, member: None, after: None, limit: Limit::clamped(10) }
}

on_each_engine! {
    migrations = TREES;

    async fn members_are_replaced_as_a_whole(db: Db) {
        let fx = Fixture::new(&db);
        let (ann, bob) = (fx.user("Ann").await.id, fx.user("Bob").await.id);
        let one = fx.users.create_group(group(&fx, "Sales")).await.unwrap();
        let two = fx.users.create_group(group(&fx, "Support")).await.unwrap();
        assert!(one.users.is_empty() && one.number < two.number);
        let set = |id: GroupId, users: Vec<UserId>| fx.users.set_members(SetMembers { by: fx.admin(), id, users });

        assert_eq!(set(one.id, vec![bob, ann, bob]).await.unwrap().users, [ann, bob]);
        assert_eq!(set(two.id, vec![bob]).await.unwrap().users, [bob]);
        assert_eq!(set(one.id, vec![ann]).await.unwrap().users, [ann]);
        assert_eq!(set(one.id, vec![ann, UserId::new()]).await.unwrap_err(), UsersError::UserNotFound);
        assert_eq!(set(GroupId::new(), vec![]).await.unwrap_err(), UsersError::GroupNotFound);

        let all = fx.users.groups(listing(&fx)).await.unwrap();
        assert_eq!(all.items.iter().map(|g| (g.id, g.users.clone())).collect::<Vec<_>>(), [
            (one.id, vec![ann]),
            (two.id, vec![bob])
        ]);
        let bobs = fx.users.groups(ListGroups { member: Some(bob), ..listing(&fx) }).await.unwrap();
        assert_eq!(bobs.items.iter().map(|g| g.id).collect::<Vec<_>>(), [two.id]);
        let rest = fx.users.groups(ListGroups { after: Some(one.id), ..listing(&fx) }).await.unwrap();
        assert_eq!(rest.items.iter().map(|g| g.id).collect::<Vec<_>>(), [two.id]);

        fx.users.delete(DeleteUser { tenant: fx.tenant, id: bob }).await.unwrap();
        assert_eq!(set(two.id, vec![bob]).await.unwrap_err(), UsersError::UserNotFound);
        assert!(fx.users.groups(listing(&fx)).await.unwrap().items[1].users.is_empty());
        assert!(set(one.id, vec![]).await.unwrap().users.is_empty());
    }

    async fn groups_are_for_managers_of_the_tenant(db: Db) {
        let fx = Fixture::new(&db);
        let made = fx.users.create_group(group(&fx, "Sales")).await.unwrap();
        let agent = Principal { role: Role::Agent, ..fx.admin() };
        let by_agent = CreateGroup { by: agent.clone(), ..group(&fx, "Mine") };
        assert_eq!(fx.users.create_group(by_agent).await.unwrap_err(), UsersError::Forbidden);
        let by_agent = SetMembers { by: agent, id: made.id, users: vec![] };
        assert_eq!(fx.users.set_members(by_agent).await.unwrap_err(), UsersError::Forbidden);
        let stranger = Principal { tenant: TenantId::new(), ..fx.admin() };
        let by_stranger = SetMembers { by: stranger, id: made.id, users: vec![] };
        assert_eq!(fx.users.set_members(by_stranger).await.unwrap_err(), UsersError::GroupNotFound);
    }

    async fn a_repeated_request_makes_one_group(db: Db) {
        let fx = Fixture::new(&db);
        let one = CreateGroup { idempotency: Some(request(1, 1)), ..group(&fx, "Sales") };
        let made = fx.users.create_group(one.clone()).await.unwrap();
        assert_eq!(fx.users.create_group(one).await.unwrap(), made);
        assert_eq!(fx.users.groups(listing(&fx)).await.unwrap().items.len(), 1);
    }
}
