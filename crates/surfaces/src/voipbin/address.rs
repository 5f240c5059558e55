//! Addresses: five keys, never absent. A message's `source` is one, an agent's endpoints are some.

use domain::UserId;
use serde::{Deserialize, Serialize, Serializer};

/// The type of a source that is an agent of the customer.
pub const AGENT: &str = "agent";
/// The type of a source that is nobody.
const SYSTEM: &str = "system";

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Address {
    #[serde(rename = "type")]
    pub kind: String,
    pub target: String,
    pub target_name: String,
    pub name: String,
    pub detail: String,
}

/// Whom a message is from, as it is shown.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Source<'m> {
    /// What was sent with it.
    Kept(Address),
    /// What the model implies.
    Implied {
        /// Who or what.
        #[serde(rename = "type")]
        kind: &'static str,
        /// The user, or nothing.
        #[serde(serialize_with = "or_nothing")]
        target: Option<UserId>,
        /// Their name, or nothing.
        target_name: &'m str,
        /// Nothing.
        name: &'static str,
        /// Nothing.
        detail: &'static str,
    },
}

impl<'m> Source<'m> {
    /// A user. `name`: theirs, or nothing.
    pub const fn agent(user: UserId, name: &'m str) -> Self {
        Self::Implied { kind: AGENT, target: Some(user), target_name: name, name: "", detail: "" }
    }

    /// Nobody: the system, or somebody who was erased.
    pub const fn system() -> Self {
        Self::Implied { kind: SYSTEM, target: None, target_name: "", name: "", detail: "" }
    }
}

#[expect(clippy::ref_option, reason = "serde hands a reference to the field")]
fn or_nothing<S: Serializer>(user: &Option<UserId>, to: S) -> Result<S::Ok, S::Error> {
    match user {
        Some(user) => user.serialize(to),
        None => to.serialize_str(""),
    }
}

impl Address {
    /// A user. `name`: theirs, or nothing.
    pub fn agent(user: UserId, name: &str) -> Self {
        Self { kind: AGENT.to_owned(), target: user.to_string(), target_name: name.to_owned(), ..Self::default() }
    }

    /// Whether `target` names a user.
    pub fn names_a_user(&self) -> bool {
        self.kind.is_empty() || self.kind == AGENT
    }
}
