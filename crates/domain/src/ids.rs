//! Typed ids. Each is a UUIDv7 made here, so that ids sort by the time they were made.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares id types from one list.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Binary))]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id.
            #[expect(clippy::new_without_default, reason = "each call gives another id")]
            #[expect(clippy::disallowed_methods, reason = "this is the place where ids are made")]
            pub fn new() -> Self { Self(Uuid::now_v7()) }
            /// Takes an id made elsewhere.
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            /// The id that always follows from `seed` within `space`, for calls that must resume where they stopped.
            pub fn derived(space: Uuid, seed: &[u8]) -> Self { Self(Uuid::new_v5(&space, seed)) }
            /// The bare UUID.
            pub const fn uuid(self) -> Uuid { self.0 }
            /// Its 16 bytes, as they are stored.
            pub const fn bytes(&self) -> &[u8; 16] { self.0.as_bytes() }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { Uuid::parse_str(s).map(Self) }
        }
    )+ };
}

ids! {
    /// A company on this instance; nothing of one tenant is ever seen by another.
    TenantId,
    /// A person or a bot of a tenant.
    UserId,
    /// A conversation.
    ChatId,
    /// One posted message.
    MessageId,
    /// One stay of a user in a chat: new at each joining.
    ParticipationId,
    /// A credential.
    TokenId,
    /// A named set of users.
    GroupId,
    /// One fact that travels between services.
    EventId,
    /// A visitor's way in to a chat with a bot.
    InvitationId,
    /// A company that a tenant's chats are about.
    CompanyId,
    /// A code that was mailed to somebody.
    CodeId,
    /// A chat while a department serves it.
    InteractionId,
    /// Those who serve customers: a bot, or agents.
    DepartmentId,
    /// An address that is told what happens.
    WebhookId,
    /// Something to be told to one address.
    DeliveryId,
    /// What is told to one address in order.
    LaneId,
    /// A worker's hold on lanes.
    ClaimId,
}

/// One participant's view of one message: a UUIDv8 that packs the participation's number and the message's number,
/// so that it can be looked up without being stored.
///
/// Layout of the 122 free bits: 58 bits participation number, 64 bits message number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoomMessageId {
    /// [`ParticipationId`]'s row number, below 2^58.
    pub participation: i64,
    /// The message's number.
    pub message: i64,
}

impl RoomMessageId {
    /// Packs the two numbers.
    pub fn uuid(self) -> Uuid {
        let room = self.participation.cast_unsigned() & ((1 << 58) - 1);
        let bits = (u128::from(room) << 64) | u128::from(self.message.cast_unsigned());
        // 48 bits, version, 12 bits, variant, 62 bits.
        let high = (bits >> 74) & ((1 << 48) - 1);
        let mid = (bits >> 62) & ((1 << 12) - 1);
        let low = bits & ((1 << 62) - 1);
        Uuid::from_u128((high << 80) | (8 << 76) | (mid << 64) | (0b10 << 62) | low)
    }

    /// Unpacks an id that [`uuid`](Self::uuid) made; `None` for any other UUID.
    pub fn from_uuid(uuid: Uuid) -> Option<Self> {
        if uuid.get_version_num() != 8 {
            return None;
        }
        let raw = uuid.as_u128();
        let (high, mid, low) = (raw >> 80, (raw >> 64) & ((1 << 12) - 1), raw & ((1 << 62) - 1));
        let bits = (high << 74) | (mid << 62) | low;
        let participation = i64::try_from((bits >> 64) & ((1 << 58) - 1)).ok()?;
        let message = u64::try_from(bits & u128::from(u64::MAX)).ok()?.cast_signed();
        let id = Self { participation, message };
        (id.uuid() == uuid).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_message_id_is_read_back() {
        for (participation, message) in [(1, 1), (7, 812), ((1 << 58) - 1, i64::MAX), (3, 1 << 61)] {
            let id = RoomMessageId { participation, message };
            assert_eq!(id.uuid().get_version_num(), 8);
            assert_eq!(RoomMessageId::from_uuid(id.uuid()), Some(id));
        }
        assert_eq!(RoomMessageId::from_uuid(MessageId::new().uuid()), None);
    }

    #[test]
    fn a_derived_id_is_the_same_each_time() {
        let space = TenantId::new().uuid();
        assert_eq!(UserId::derived(space, b"admin"), UserId::derived(space, b"admin"));
        assert_ne!(UserId::derived(space, b"admin"), UserId::derived(space, b"bot"));
    }
}
