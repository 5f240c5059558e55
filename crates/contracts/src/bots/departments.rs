//! Those who serve customers.

use domain::{DepartmentId, Idempotency, Limit, Principal, TenantId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::given;

/// A department: its bot serves first, if it has one, then its agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// The id.
    pub id: DepartmentId,
    /// The tenant.
    pub tenant: TenantId,
    /// Integer id, unique in the instance: Zenvia's.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Whether customers can be given to it.
    pub active: bool,
    /// Its bot.
    pub bot: Option<DepartmentBot>,
    /// Its agents, by id.
    pub agents: Vec<UserId>,
    /// How many interactions wait for an agent of it.
    pub waiting: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A department's bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentBot {
    /// Whom it is in chats.
    pub user: UserId,
    /// Where it is told what happens.
    pub url: String,
    /// Whether what it is told is signed.
    pub signed: bool,
}

/// Where a department's bot is.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct BotAddress {
    /// An `http` or `https` URL that may be called, else [`EgressRefused`](super::BotsError::EgressRefused).
    pub url: String,
    /// What it is told is signed with: `whsec_` and base64. Absent leaves it, `Some(None)` takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub secret: Option<Option<String>>,
}

impl std::fmt::Debug for BotAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BotAddress").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Makes a department.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateDepartment {
    /// Who asks.
    pub by: Principal,
    /// The id, when it follows from something else, so that a repeat finds the same one; a repeat answers that department.
    pub id: Option<DepartmentId>,
    /// Its name: 1 to 100 characters.
    pub name: String,
    /// Its bot.
    pub bot: Option<BotAddress>,
    /// Its agents: living users of the tenant who work for it, at most 1,000.
    pub agents: Vec<UserId>,
    /// Whether customers can be given to it.
    pub active: bool,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

impl CreateDepartment {
    /// The department every tenant has from the start, without bot and agents.
    pub fn first(by: Principal) -> Self {
        let id = Some(Self::first_id(by.tenant));
        let (bot, agents, idempotency) = (None, Vec::new(), None);
        Self { by, id, name: "Default".to_owned(), bot, agents, active: true, idempotency }
    }

    /// Its id. A bot given to it is the tenant's default bot.
    pub fn first_id(tenant: TenantId) -> DepartmentId {
        DepartmentId::derived(tenant.uuid(), b"department")
    }
}

/// Changes a department. `None` leaves a field as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateDepartment {
    /// Who asks.
    pub by: Principal,
    /// The department.
    pub id: DepartmentId,
    /// Its name.
    pub name: Option<String>,
    /// Its bot. `Some(None)` takes it away: what it serves waits for an agent from then on.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub bot: Option<Option<BotAddress>>,
    /// All its agents from now on. Who waits is given to them at once; who goes keeps what they serve.
    pub agents: Option<Vec<UserId>>,
    /// Whether customers can be given to it; those who are there already stay.
    pub active: Option<bool>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// One way to name a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DepartmentKey {
    /// Our id.
    Id(DepartmentId),
    /// The integer id.
    Number(i64),
}

/// Reads one department.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetDepartment {
    /// Who asks.
    pub by: Principal,
    /// The department.
    pub key: DepartmentKey,
}

/// Lists departments by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListDepartments {
    /// Who asks.
    pub by: Principal,
    /// Only behind this one.
    pub after: Option<DepartmentId>,
    /// How many at most.
    pub limit: Limit,
}

/// Asks which agents are there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OnlineAgents {
    /// Who asks.
    pub by: Principal,
    /// Only of this department, by its integer id; `None` is all departments.
    pub department: Option<i64>,
}
