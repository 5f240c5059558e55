//! Events of the service `bots`: an interaction changed hands. They say how it stands right after that.

use crate::{
    BadEvent, Open,
    raw::{self, bytes, event, id},
};
use domain::{ChatId, DepartmentId, HandoverReason, InteractionId, InteractionState, TenantId, Timestamp, UserId};

/// How an interaction stands right after it changed hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteractionChange {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The interaction.
    pub interaction: InteractionId,
    /// Its version, which rises with every change of hands.
    pub version: i64,
    /// Who serves it.
    pub state: Open<InteractionState>,
    /// The bot or agent who does.
    pub user: Option<UserId>,
    /// The department that serves it.
    pub department: DepartmentId,
    /// That department's integer id.
    pub department_number: i64,
    /// The first place of the chat that is theirs.
    pub from_seq: i64,
    /// The customer.
    pub customer: Option<UserId>,
    /// Its place in the queue, from 1, while it is queued.
    pub position: Option<i64>,
    /// Who did it, where that was a user.
    pub by: Option<UserId>,
    /// Why.
    pub why: Open<HandoverReason>,
    /// When.
    pub at: Timestamp,
}

impl From<&InteractionChange> for raw::InteractionChange {
    fn from(e: &InteractionChange) -> Self {
        let user = |id: Option<UserId>| id.map(|id| bytes(id.uuid()));
        Self {
            tenant: bytes(e.tenant.uuid()),
            chat: bytes(e.chat.uuid()),
            interaction: bytes(e.interaction.uuid()),
            version: e.version,
            state: e.state.to_string(),
            user: user(e.user),
            department: bytes(e.department.uuid()),
            department_number: e.department_number,
            from_seq: e.from_seq,
            customer: user(e.customer),
            position: e.position,
            by: user(e.by),
            why: e.why.to_string(),
            at: e.at.micros(),
        }
    }
}

impl TryFrom<raw::InteractionChange> for InteractionChange {
    type Error = BadEvent;
    fn try_from(r: raw::InteractionChange) -> Result<Self, BadEvent> {
        let user = |field, bytes: Option<Vec<u8>>| bytes.map(|b| id(field, &b, UserId::from_uuid)).transpose();
        Ok(Self {
            tenant: id("tenant", &r.tenant, TenantId::from_uuid)?,
            chat: id("chat", &r.chat, ChatId::from_uuid)?,
            interaction: id("interaction", &r.interaction, InteractionId::from_uuid)?,
            version: r.version,
            state: Open::<InteractionState>::read(r.state),
            user: user("user", r.user)?,
            department: id("department", &r.department, DepartmentId::from_uuid)?,
            department_number: r.department_number,
            from_seq: r.from_seq,
            customer: user("customer", r.customer)?,
            position: r.position,
            by: user("by", r.by)?,
            why: Open::<HandoverReason>::read(r.why),
            at: Timestamp::from_micros(r.at),
        })
    }
}

macro_rules! interaction_events {
    ($($(#[$doc:meta])* $event:ident = $name:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $event {
            /// The tenant.
            pub tenant: TenantId,
            /// How it stands.
            pub change: InteractionChange,
        }
        event!($event, $name, 1, Chat, |e| e.change.chat);

        impl From<InteractionChange> for $event {
            fn from(change: InteractionChange) -> Self {
                Self { tenant: change.tenant, change }
            }
        }

        impl From<&$event> for raw::$event {
            fn from(event: &$event) -> Self {
                Self { change: Some((&event.change).into()) }
            }
        }

        impl TryFrom<raw::$event> for $event {
            type Error = BadEvent;
            fn try_from(raw::$event { change }: raw::$event) -> Result<Self, BadEvent> {
                let absent = || BadEvent::Field { field: "change", problem: "is absent".to_owned() };
                Ok(InteractionChange::try_from(change.ok_or_else(absent)?)?.into())
            }
        }
    )+};
}
interaction_events! {
    /// A chat was handed to a department.
    InteractionStarted = "interaction.started";
    /// Its bot took it on.
    InteractionAccepted = "interaction.accepted";
    /// Somebody else serves it now.
    InteractionTransferred = "interaction.transferred";
    /// It is over.
    InteractionFinished = "interaction.finished";
}
