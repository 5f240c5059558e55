//! Addresses: five keys, never absent. A message's `source` is one, an agent's endpoints are some.

use domain::UserId;
use serde::{Deserialize, Serialize};

/// The type of a source that is an agent of the customer.
pub const AGENT: &str = "agent";
/// The type of a source that is nobody.
const SYSTEM: &str = "system";

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    #[serde(rename = "type")]
    pub kind: String,
    pub target: String,
    pub target_name: String,
    pub name: String,
    pub detail: String,
}

impl Address {
    /// A user. `name`: theirs, or nothing.
    pub fn agent(user: UserId, name: &str) -> Self {
        Self { kind: AGENT.to_owned(), target: user.to_string(), target_name: name.to_owned(), ..Self::default() }
    }

    /// Nobody: the system, or somebody who was erased.
    pub fn system() -> Self {
        Self { kind: SYSTEM.to_owned(), ..Self::default() }
    }

    /// Whether `target` names a user.
    pub fn names_a_user(&self) -> bool {
        self.kind.is_empty() || self.kind == AGENT
    }
}
