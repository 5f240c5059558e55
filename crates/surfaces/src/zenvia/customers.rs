//! `/api/external/customers`: the customers there are, and customers that are to be.

use actix_web::HttpResponse;
use contracts::Extras;
use contracts::users::{CreateUser, FindUser, UpdateUser, User, UserKey};
use domain::{Idempotency, Principal, Role, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::departments::date;
use super::input::filled;
use super::{agents, auth, input};
use crate::http::{Answer, Call, Problem, lenient};

/// Customers of one request.
const AT_ONCE: usize = 1000;

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SaveIn {
    customers: Vec<CustomerIn>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "SavedCustomerIn"))]
struct CustomerIn {
    fields: Map<String, Value>,
    #[serde(default, deserialize_with = "lenient::number")]
    agent_id: Option<i64>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CustomerOut {
    account_id: i64,
    fields: FieldsOut,
    id: i64,
    date_creation: String,
    change_date: String,
    customer_key: UserId,
    active: bool,
    agent_id: Option<i64>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct FieldsOut {
    main_photo: &'static str,
    channel_email: String,
    channel_phone: String,
    main_identifier: String,
}

impl CustomerOut {
    fn new(user: &User, agent_id: Option<i64>) -> Self {
        let (channel_email, channel_phone) = (user.email.clone(), user.phone.clone());
        Self {
            // Accounts have no integer id here.
            account_id: 1,
            fields: FieldsOut {
                main_photo: "",
                channel_email: channel_email.unwrap_or_default(),
                channel_phone: channel_phone.unwrap_or_default(),
                main_identifier: user.full_name(),
            },
            id: user.number,
            date_creation: date(user.created_at),
            change_date: date(user.updated_at),
            customer_key: user.id,
            active: user.deleted_at.is_none(),
            agent_id,
        }
    }
}

pub async fn list(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let customers = agents::everybody(&call, &by, vec![Role::Customer]).await?;
    let out: Vec<_> = customers.iter().map(|user| CustomerOut::new(user, None)).collect();
    Ok(HttpResponse::Ok().json(out))
}

/// Makes or changes each of them: whoever has the e-mail, else the telephone, else somebody new. Those that cannot be are
/// told of beside those that are.
pub async fn save(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let SaveIn { customers } = input::body(&call)?;
    if customers.len() > AT_ONCE {
        return Err(Problem::invalid("customers", format!("customers has more than {AT_ONCE} entries")));
    }
    let promise = call.idempotency()?;
    call.promised().await?;
    let (mut saved, mut errors) = (Vec::new(), Vec::new());
    for (at, customer) in customers.into_iter().enumerate() {
        match save_one(&call, &by, &customer, promise.map(|promise| part(promise, at))).await? {
            Ok(user) => saved.push(CustomerOut::new(&user, customer.agent_id)),
            Err(why) => errors.push(json!({ "fields": customer.fields, "agent_id": customer.agent_id, "errors": why })),
        }
    }
    Ok(HttpResponse::Ok().json(json!({ "status": 200, "customers": saved, "errors": errors })))
}

/// The promise of one customer of a request.
fn part(promise: Idempotency, at: usize) -> Idempotency {
    let mut key = promise.key;
    for (byte, more) in key.iter_mut().zip(at.to_be_bytes()) {
        *byte ^= more;
    }
    Idempotency { key, ..promise }
}

type Saved = Result<User, Vec<String>>;

async fn save_one(
    call: &Call,
    by: &Principal,
    customer: &CustomerIn,
    idempotency: Option<Idempotency>,
) -> Result<Saved, Problem> {
    let wanted = match wanted(customer) {
        Ok(wanted) => wanted,
        Err(why) => return Ok(Err(why)),
    };
    if let Some(agent) = customer.agent_id
        && !is_agent(call, by, agent).await?
    {
        return Ok(Err(vec![format!("agent_id: {agent} not found")]));
    }
    let known = find(call, by, &wanted).await?;
    let saved = match known {
        Some(user) => call.apis.users.update(wanted.change(by, user.id)).await,
        None => call.apis.users.create(wanted.new_user(by, idempotency)).await,
    };
    match saved.map_err(Problem::from) {
        Ok(user) => Ok(Ok(user)),
        Err(Problem::Failure(failure)) if failure.code == domain::Code::Invalid => Ok(Err(vec![failure.message])),
        Err(problem) => Err(problem),
    }
}

struct Wanted {
    name: String,
    email: Option<String>,
    phone: Option<String>,
}

impl Wanted {
    fn new_user(self, by: &Principal, idempotency: Option<Idempotency>) -> CreateUser {
        let Self { name, email, phone } = self;
        CreateUser {
            tenant: by.tenant,
            id: None,
            name,
            surname: None,
            email,
            phone,
            role: Role::Customer,
            detail: String::new(),
            extras: Extras::new(),
            idempotency,
        }
    }

    /// What is not said stays.
    fn change(self, by: &Principal, id: UserId) -> UpdateUser {
        let Self { name, email, phone } = self;
        UpdateUser {
            tenant: by.tenant,
            id,
            name: Some(name),
            surname: None,
            email: email.map(Some),
            phone: phone.map(Some),
            role: None,
            detail: None,
            extras: None,
            idempotency: None,
        }
    }
}

/// A customer has a name and something to be reached by.
fn wanted(customer: &CustomerIn) -> Result<Wanted, Vec<String>> {
    let field = |name: &str| match customer.fields.get(name) {
        Some(Value::String(text)) => filled(Some(text.clone())),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let (name, email, phone) = (field("main_identifier"), field("channel_email"), field("channel_phone"));
    let mut missing = Vec::new();
    if name.is_none() {
        missing.push("field: main_identifier is required".to_owned());
    }
    if email.is_none() && phone.is_none() {
        missing.push("field: channel_phone is required".to_owned());
    }
    match name {
        Some(name) if missing.is_empty() => Ok(Wanted { name, email, phone }),
        _ => Err(missing),
    }
}

async fn find(call: &Call, by: &Principal, wanted: &Wanted) -> Result<Option<User>, Problem> {
    let keys = [wanted.email.clone().map(UserKey::Email), wanted.phone.clone().map(UserKey::Phone)];
    for key in keys.into_iter().flatten() {
        let found = call.apis.users.find(FindUser { tenant: by.tenant, key }).await?;
        if let Some(user) = found.filter(|user| user.role == Role::Customer) {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

async fn is_agent(call: &Call, by: &Principal, number: i64) -> Result<bool, Problem> {
    let found = call.apis.users.find(FindUser { tenant: by.tenant, key: UserKey::Number(number) }).await?;
    Ok(found.is_some_and(|user| user.role.is_staff() && user.deleted_at.is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> CustomerIn {
        lenient::from_object(serde_json::from_str(body).unwrap()).unwrap()
    }

    #[test]
    fn the_vendors_example_is_one_customer() {
        let one = read(r#"{"fields":{"main_identifier":"Customer","channel_phone":"1122334455"},"agent_id":1}"#);
        let Ok(Wanted { name, email, phone }) = wanted(&one) else { panic!("refused") };
        assert_eq!(
            (name.as_str(), email, phone.as_deref(), one.agent_id),
            ("Customer", None, Some("1122334455"), Some(1))
        );
    }

    #[test]
    fn what_is_missing_is_told_field_by_field() {
        let Err(why) = wanted(&read(r#"{"fields":{"main_identifier":""}}"#)) else { panic!("taken") };
        assert_eq!(why, ["field: main_identifier is required", "field: channel_phone is required"]);
    }

    #[test]
    fn each_customer_of_a_request_has_a_promise_of_its_own() {
        let promise = Idempotency { key: [7; 32], body: [9; 32] };
        assert_eq!(part(promise, 0), promise);
        assert_ne!(part(promise, 1).key, part(promise, 2).key);
    }
}
