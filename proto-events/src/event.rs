//! What every event has: a name, a version, a key that orders it, bytes.

use domain::{ChatId, TenantId};
use uuid::Uuid;

/// How many partitions the events are divided into.
pub const PARTITIONS: u8 = 16;

/// A fact told by one service to the others.
pub trait Event: Sized + Send + Sync + 'static {
    /// Name, as in `message.posted`: two words, the second in the past tense.
    const TYPE: &'static str;
    /// Version of the layout; a change that old readers cannot skip is a new one.
    const VERSION: u32;
    /// Its message in `proto/parlance/v1`.
    const MESSAGE: &'static str;
    /// What kind of key it has.
    const ORDERED_BY: OrderedBy;

    /// What orders the event: events of one key are delivered in the order they were committed.
    fn key(&self) -> EventKey;
    /// The tenant it happened in.
    fn tenant(&self) -> TenantId;
    /// Its bytes.
    fn encode(&self) -> Vec<u8>;
    /// Reads the bytes of any version up to [`Event::VERSION`].
    fn decode(bytes: &[u8]) -> Result<Self, BadEvent>;
}

/// The thing whose events keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKey {
    /// Events of a chat.
    Chat(ChatId),
    /// Events of a tenant, its users and tokens.
    Tenant(TenantId),
}

/// What kind of thing an event's key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderedBy {
    /// A chat.
    Chat,
    /// A tenant.
    Tenant,
}

impl EventKey {
    /// The id inside.
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Chat(id) => id.uuid(),
            Self::Tenant(id) => id.uuid(),
        }
    }
}

/// The partition of `key`, below [`PARTITIONS`].
///
/// The two halves of the UUID (big-endian, the second rotated by 32 bits) are XORed and mixed with the finalizer of
/// SplitMix64; the top four bits are the partition. It is part of the routing keys of events that are still queued:
/// it may never change.
pub fn partition(key: EventKey) -> u8 {
    let (high, low) = key.uuid().as_u64_pair();
    let mut z = high ^ low.rotate_left(32);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 60).to_le_bytes()[0]
}

/// An event type known to this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// Its name.
    pub name: &'static str,
    /// The version this build writes.
    pub version: u32,
    /// Its message in `proto/parlance/v1`.
    pub message: &'static str,
    /// What kind of key it has.
    pub ordered_by: OrderedBy,
}

impl EventType {
    /// The type of `E`.
    pub const fn of<E: Event>() -> Self {
        Self { name: E::TYPE, version: E::VERSION, message: E::MESSAGE, ordered_by: E::ORDERED_BY }
    }
}

/// Bytes that are not the event they should be.
#[derive(Debug, thiserror::Error)]
pub enum BadEvent {
    /// Not protobuf, or of another message.
    #[error("not a protobuf message of this type: {0}")]
    Wire(#[from] prost::DecodeError),
    /// A field is absent or out of its range.
    #[error("field {field}: {problem}")]
    Field {
        /// Which one.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> u8 {
        partition(EventKey::Chat(ChatId::from_uuid(text.parse().unwrap())))
    }

    #[test]
    fn partitions_never_move() {
        assert_eq!(of("00000000-0000-0000-0000-000000000000"), 0);
        assert_eq!(of("01890a5d-ac96-774b-bcce-b302099a8057"), 1);
        assert_eq!(of("ffffffff-ffff-4fff-bfff-fffffffffffe"), 7);
    }

    #[test]
    fn partitions_are_even() {
        let mut counts = [0u32; PARTITIONS as usize];
        for _ in 0..16_000 {
            counts[usize::from(partition(EventKey::Chat(ChatId::new())))] += 1;
        }
        assert!(counts.iter().all(|n| (800..1200).contains(n)), "{counts:?}");
    }
}
