//! Ids of lanes, which follow from what they are of, and of deliveries, which sort by decision.

use domain::{DeliveryId, EventId, LaneId, Timestamp, WebhookId};
use uuid::Uuid;

/// The lane of an endpoint for one interaction, chat or person.
pub fn lane(endpoint: WebhookId, of: Uuid) -> LaneId {
    LaneId::derived(endpoint.uuid(), of.as_bytes())
}

/// What a receiver knows a delivery by: `msg_` and 32 hex digits. A replay keeps the first one's.
pub fn webhook_id(delivery: DeliveryId) -> String {
    format!("msg_{}", delivery.uuid().simple())
}

/// The same of the `n`th thing that `endpoint` is told of an event: if the decision is lost and made again, the receiver knows it.
pub fn webhook_id_of(endpoint: WebhookId, event: EventId, n: usize) -> String {
    let n = u8::try_from(n).unwrap_or(u8::MAX);
    let seed: Vec<u8> = event.bytes().iter().copied().chain([n]).collect();
    webhook_id(DeliveryId::derived(endpoint.uuid(), &seed))
}

/// The id of the `n`th delivery decided at `at`: a UUIDv7 with microseconds, so that ids sort by decision and, within one
/// decision, by `n`.
pub fn delivery(at: Timestamp, n: usize) -> DeliveryId {
    let salt: u64 = rand::random();
    let place = u64::try_from(n).unwrap_or(u64::MAX).min(0xFFFF);
    DeliveryId::from_uuid(v7(at, (place << 46) | (salt & ((1 << 46) - 1))))
}

/// What no id of a delivery decided at `at` or later is below.
pub fn first_at(at: Timestamp) -> DeliveryId {
    DeliveryId::from_uuid(v7(at, 0))
}

/// 48 bits of milliseconds, the version, 12 bits of microseconds, the variant, 62 bits.
fn v7(at: Timestamp, low: u64) -> Uuid {
    let micros = at.micros().max(0).unsigned_abs();
    let (ms, us) = (u128::from(micros / 1000), u128::from(micros % 1000));
    Uuid::from_u128((ms << 80) | (7 << 76) | (us << 64) | (0b10 << 62) | u128::from(low & ((1 << 62) - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_decision() {
        let at = Timestamp::from_micros(1_800_000_000_123_456);
        let (first, second) = (delivery(at, 0), delivery(at, 1));
        assert!(first_at(at) <= first && first < second && second < first_at(at.plus_micros(1)));
        assert_eq!(first.uuid().get_version_num(), 7);
        assert_eq!(webhook_id(first).len(), 36);
    }

    #[test]
    fn what_is_decided_again_is_known_by_the_same_id() {
        let (endpoint, event) = (WebhookId::new(), EventId::new());
        assert_eq!(webhook_id_of(endpoint, event, 0), webhook_id_of(endpoint, event, 0));
        assert_eq!(webhook_id_of(endpoint, event, 0).len(), 36);
        assert_ne!(webhook_id_of(endpoint, event, 0), webhook_id_of(endpoint, event, 1));
        assert_ne!(webhook_id_of(endpoint, event, 0), webhook_id_of(WebhookId::new(), event, 0));
    }
}
