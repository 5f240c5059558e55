//! Making, finding and ending tenants.

use contracts::AuthApi as _;
use contracts::auth::{AuthError, CreateTenant, DeleteTenant, FindTenant, GetTenant, ListTenants, TenantSecrets};
use domain::{Limit, TenantId, TokenKind};
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees};

fn all(s: &TenantSecrets) -> [&str; 8] {
    let TenantSecrets { tenant: _, login, password, operator, imbee_authorization, imbee_corporate, .. } = s;
    [login, password, operator, imbee_authorization, imbee_corporate, &s.voipbin_access_key, &s.connectnow, &s.zenvia]
}

on_each_engine! {
    migrations = trees();

    async fn a_repeat_answers_the_same_secrets(db: Db) {
        let world = World::new(db);
        let command = world.new_tenant("  Acme Ltd ");
        let (first, second) = tokio::join!(
            world.auth.create_tenant(command.clone()),
            world.auth.create_tenant(command.clone())
        );
        let (first, second) = (first.unwrap(), second.unwrap());
        let third = world.auth.create_tenant(command.clone()).await.unwrap();
        assert_eq!(all(&first), all(&second));
        assert_eq!(all(&first), all(&third));
        assert_eq!(first.tenant.name, "Acme Ltd");
        assert_eq!(first.login, "admin@acme-ltd");
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM tokens").await, 6);
        let other = CreateTenant { name: "Other".into(), ..command };
        assert_eq!(world.auth.create_tenant(other).await.err(), Some(AuthError::KeyReused));
        world.log_in(&first.login, &first.password).await.unwrap();
    }

    async fn names_are_unique_without_case_and_logins_get_a_number(db: Db) {
        let world = World::new(db);
        let acme = world.tenant("Acme!").await;
        let taken = world.auth.create_tenant(world.new_tenant("ACME!")).await;
        assert_eq!(taken.err(), Some(AuthError::NameTaken));
        assert_eq!(world.tenant("acme").await.login, "admin@acme-2");
        for name in ["", "   ", &"x".repeat(101)] {
            let refused = world.auth.create_tenant(world.new_tenant(name)).await;
            assert!(matches!(refused, Err(AuthError::Invalid(e)) if e.field == "name"), "{name}");
        }
        let stranger = CreateTenant { admin: acme.tenant.admin, ..world.new_tenant("x") };
        assert_eq!(world.auth.create_tenant(stranger).await.err(), Some(AuthError::UserNotFound));
        let found = world.auth.find_tenant(FindTenant { name: " aCMe! ".into() }).await.unwrap();
        assert_eq!(found, Some(acme.tenant));
    }

    async fn tenants_are_listed_by_id(db: Db) {
        let world = World::new(db);
        let mut made = Vec::new();
        for name in ["a", "b", "c"] {
            made.push(world.tenant(name).await.tenant);
        }
        let page = |after| world.auth.tenants(ListTenants { after, limit: Limit::clamped(2) });
        let first = page(None).await.unwrap();
        assert_eq!((&first.items[..], first.more), (&made[..2], true));
        let rest = page(Some(made[1].id)).await.unwrap();
        assert_eq!((&rest.items[..], rest.more), (&made[2..], false));
        assert_eq!(world.auth.tenant(GetTenant { id: made[0].id }).await.unwrap(), made[0]);
        let none = world.auth.tenant(GetTenant { id: TenantId::new() }).await;
        assert_eq!(none.err(), Some(AuthError::TenantNotFound));
    }

    async fn a_deleted_tenant_is_refused_at_once_and_its_name_is_free(db: Db) {
        let world = World::new(db);
        let command = world.new_tenant("demo");
        let demo = world.auth.create_tenant(command.clone()).await.unwrap();
        let session = world.log_in(&demo.login, &demo.password).await.unwrap();
        let id = demo.tenant.id;
        let gone = world.auth.delete_tenant(DeleteTenant { id }).await.unwrap();
        assert_eq!(gone, demo.tenant);
        for shown in [
            (TokenKind::Operator, &demo.operator),
            (TokenKind::VoipbinAccessKey, &demo.voipbin_access_key),
            (TokenKind::VoipbinSession, &session.secret),
        ] {
            assert_eq!(world.who(&[(shown.0, shown.1)]).await.err(), Some(AuthError::Unauthenticated));
        }
        assert_eq!(world.log_in(&demo.login, &demo.password).await.err(), Some(AuthError::Unauthenticated));
        assert_eq!(world.auth.tenant(GetTenant { id }).await.err(), Some(AuthError::TenantNotFound));
        assert_eq!(world.auth.create_tenant(command).await.err(), Some(AuthError::TenantNotFound));
        world.tenant("demo").await;
        let never = world.auth.delete_tenant(DeleteTenant { id: TenantId::new() }).await;
        assert_eq!(never.err(), Some(AuthError::TenantNotFound));
    }
}
