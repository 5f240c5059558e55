//! An event as an AMQP message: the type and version in the routing key and the properties, the rest of the envelope in
//! headers, the payload as it is.

use domain::{TenantId, Timestamp};
use lapin::BasicProperties;
use lapin::message;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use uuid::Uuid;

use crate::envelope::{Delivery, Envelope, Key};

/// As in `message.posted.v1.p07`.
pub(super) fn routing_key(meta: &Envelope) -> String {
    format!("{}.v{}.p{:02}", meta.event_type, meta.version, meta.partition)
}

/// What every version of `event_type` in `partition` is bound by.
pub(super) fn binding_key(event_type: &str, partition: u8) -> String {
    format!("{event_type}.*.p{partition:02}")
}

/// `traceparent`: the step of publishing, or the event's own context.
pub(super) fn properties(meta: &Envelope, traceparent: Option<&str>) -> BasicProperties {
    let mut headers = FieldTable::default();
    headers.insert("key".into(), text(&meta.key.to_string()));
    headers.insert("tenant".into(), text(&meta.tenant.to_string()));
    headers.insert("occurred_us".into(), AMQPValue::LongLongInt(meta.occurred_at.micros()));
    if let Some(traceparent) = traceparent {
        headers.insert("traceparent".into(), text(traceparent));
    }
    BasicProperties::default()
        .with_delivery_mode(2)
        .with_content_type("application/x-protobuf".into())
        .with_message_id(meta.event.to_string().into())
        .with_headers(headers)
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

/// Reads a message back; `None` if it is none of ours.
pub(super) fn read(message: &mut message::Delivery) -> Option<Delivery> {
    let (event_type, version, partition) = read_key(message.routing_key.as_str())?;
    let headers = message.properties.headers().as_ref()?;
    let envelope = Envelope {
        event: message.properties.message_id().as_ref().map(ShortString::as_str)?.parse().ok()?,
        event_type,
        version,
        partition,
        key: Key(uuid(headers, "key")?),
        tenant: TenantId::from_uuid(uuid(headers, "tenant")?),
        occurred_at: Timestamp::from_micros(number(headers, "occurred_us")?),
        traceparent: string(headers, "traceparent"),
    };
    Some(Delivery { envelope, payload: std::mem::take(&mut message.data) })
}

fn read_key(key: &str) -> Option<(String, i64, u8)> {
    let (rest, partition) = key.rsplit_once(".p")?;
    let (event_type, version) = rest.rsplit_once(".v")?;
    let partition = partition.parse().ok().filter(|p| *p < proto_events::PARTITIONS)?;
    Some((event_type.to_owned(), version.parse().ok()?, partition))
}

fn string(headers: &FieldTable, name: &str) -> Option<String> {
    match headers.inner().get(name)? {
        AMQPValue::LongString(value) => String::from_utf8(value.as_bytes().to_vec()).ok(),
        _ => None,
    }
}

fn uuid(headers: &FieldTable, name: &str) -> Option<Uuid> {
    string(headers, name)?.parse().ok()
}

fn number(headers: &FieldTable, name: &str) -> Option<i64> {
    match headers.inner().get(name)? {
        AMQPValue::LongLongInt(value) => Some(*value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::EventId;

    use super::*;

    #[test]
    fn a_message_is_read_back() {
        let envelope = Envelope {
            event: EventId::new(),
            event_type: "message.posted".into(),
            version: 2,
            partition: 7,
            key: Key(EventId::new().uuid()),
            tenant: TenantId::new(),
            occurred_at: Timestamp::from_micros(1_795_255_200_000_001),
            traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into()),
        };
        let key = routing_key(&envelope);
        assert_eq!(
            (key.as_str(), binding_key("message.posted", 7).as_str()),
            ("message.posted.v2.p07", "message.posted.*.p07")
        );
        let mut message = message::Delivery::mock(1, "x".into(), key.into(), false, b"bytes".to_vec());
        message.properties = properties(&envelope, envelope.traceparent.as_deref());
        let read = read(&mut message).unwrap();
        assert_eq!((read.envelope, read.payload.as_slice()), (envelope, b"bytes".as_slice()));
    }

    #[test]
    fn what_is_none_of_ours_is_not_read() {
        for key in
            ["message.posted", "message.posted.v1.p16", "message.posted.p01", "x.vy.p01", "message.posted.v1.p01"]
        {
            let mut message = message::Delivery::mock(1, "x".into(), key.into(), false, vec![]);
            assert!(read(&mut message).is_none(), "{key}");
        }
    }
}
