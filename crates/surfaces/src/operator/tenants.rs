//! `/operator/v1/tenants`: for the root token only.

use actix_web::HttpResponse;
use contracts::auth::{CreateTenant, DeleteTenant, FindTenant, ListTenants, TenantSecrets};
use contracts::bots::CreateDepartment;
use contracts::users::{CreateUser, User};
use contracts::{AuthApi, BotsApi, Extras, UsersApi};
use domain::{Code, Principal, Role, Surface, TenantId, TokenKind, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::lists;
use crate::http::{Answer, Call, Problem};

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub(super) struct CreateIn {
    name: String,
}

/// `POST /operator/v1/tenants`.
pub async fn create(call: Call) -> Answer {
    root(&call)?;
    let CreateIn { name } = call.json()?;
    let promised = call.idempotency()?;
    // The same key gives the same tenant, and so the same secrets, since they are derived from it.
    let id = promised
        .map_or_else(TenantId::new, |p| TenantId::derived(TenantId::from_uuid(uuid::Uuid::nil()).uuid(), &p.key));
    let made = new_tenant(&*call.apis.users, &*call.apis.auth, &*call.apis.bots, id, &name).await?;
    let made = made.credentials(&call.base_url(), &call.apis.site.admin_url);
    Ok(HttpResponse::Created().json(made))
}

/// `GET /operator/v1/tenants`.
pub async fn list(call: Call) -> Answer {
    root(&call)?;
    let page = call.apis.auth.tenants(ListTenants { after: lists::after(&call)?, limit: lists::limit(&call)? }).await?;
    let next = page.items.last().filter(|_| page.more).map(|t| t.id.to_string());
    let items: Vec<Value> =
        page.items.iter().map(|t| json!({ "id": t.id, "name": t.name, "created_at": t.created_at })).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

/// `DELETE /operator/v1/tenants/{id}`.
pub async fn delete(call: Call) -> Answer {
    root(&call)?;
    let gone = call.apis.auth.delete_tenant(DeleteTenant { id: lists::id(&call, "id", "tenant")? }).await?;
    Ok(HttpResponse::Accepted().json(json!({ "id": gone.id, "name": gone.name })))
}

/// Refuses everybody but the root token.
pub fn root(call: &Call) -> Result<(), Problem> {
    match call.who()?.kind {
        TokenKind::Root => Ok(()),
        _ => Err(Problem::refused(Code::Forbidden, "this needs the root token")),
    }
}

/// A tenant as it was just made.
pub struct NewTenant {
    secrets: TenantSecrets,
    bot: User,
    /// The default department's integer id.
    department: i64,
}

/// Makes a tenant: its people first, then itself, then its first department, so that a repeat resumes where a crash stopped.
///
/// # Errors
/// An invalid name, or one that is taken; a key that came with another name.
pub async fn new_tenant(
    users: &dyn UsersApi,
    auth: &dyn AuthApi,
    bots: &dyn BotsApi,
    id: TenantId,
    name: &str,
) -> Result<NewTenant, Problem> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Problem::invalid("name", "name must have 1 to 100 characters"));
    }
    match auth.find_tenant(FindTenant { name: name.to_owned() }).await? {
        Some(other) if other.id != id => return Err(contracts::auth::AuthError::NameTaken.into()),
        _ => {}
    }
    let admin = users.create(person(id, "admin", "Admin", Role::Admin)).await?;
    let bot = users.create(person(id, "bot", "Assistant", Role::Bot)).await?;
    let tenant = CreateTenant { id, name: name.to_owned(), admin: admin.id, bot: bot.id };
    let secrets = auth.create_tenant(tenant).await?;
    if secrets.tenant.name != name {
        return Err(contracts::auth::AuthError::KeyReused.into());
    }
    let department = CreateDepartment::first(Principal::service(id, Surface::Operator));
    let department = bots.create_department(department).await?.number;
    Ok(NewTenant { secrets, bot, department })
}

fn person(tenant: TenantId, seed: &str, name: &str, role: Role) -> CreateUser {
    CreateUser {
        tenant,
        id: Some(UserId::derived(tenant.uuid(), seed.as_bytes())),
        name: name.to_owned(),
        surname: None,
        email: None,
        phone: None,
        role,
        detail: String::new(),
        extras: Extras::new(),
        idempotency: None,
    }
}

/// What `credentials.json` holds. Surfaces that are not served have a null key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CredentialsFile {
    /// Where the surfaces are.
    pub base_url: String,
    /// Where health and metrics are.
    pub admin_url: String,
    /// The tenant's name.
    pub tenant: String,
    /// Operator API.
    pub operator: Value,
    /// imBee.
    pub imbee: Value,
    /// Zenvia.
    pub zenvia: Value,
    /// VoIPBin.
    pub voipbin: Value,
    /// ConnectNow.
    pub connectnow: Value,
    /// Odoo.
    pub odoo: Value,
}

impl NewTenant {
    /// The tenant's credentials as `credentials.json` has them.
    pub fn credentials(self, base_url: &str, admin_url: &str) -> CredentialsFile {
        let Self { secrets, bot, department } = self;
        let TenantSecrets { tenant, login, password, .. } = secrets;
        CredentialsFile {
            base_url: base_url.to_owned(),
            admin_url: admin_url.to_owned(),
            tenant: tenant.name.clone(),
            operator: json!({ "token": secrets.operator }),
            imbee: json!({
                "authorization": secrets.imbee_authorization,
                "corporate_token": secrets.imbee_corporate,
                "bot_idsha": bot.idsha,
            }),
            zenvia: json!({ "token": secrets.zenvia, "department_id": department }),
            voipbin: json!({
                "customer_id": tenant.id,
                "agent_id": tenant.admin,
                "username": login,
                "password": password,
                "access_key": secrets.voipbin_access_key,
            }),
            connectnow: json!({ "api_token": secrets.connectnow }),
            odoo: json!({ "db": tenant.name, "login": login, "password": password }),
        }
    }
}
