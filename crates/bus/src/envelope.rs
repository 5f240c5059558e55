//! What travels with an event beside its payload.

use std::fmt;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Binary;
use domain::trace::{Step, StepKind};
use domain::{EventId, TenantId, Timestamp};
use uuid::Uuid;

/// What orders events: the id of a chat or of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Key(pub Uuid);

impl<DB: Backend> ToSql<Binary, DB> for Key
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <[u8] as ToSql<Binary, DB>>::to_sql(self.0.as_bytes().as_slice(), out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for Key
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, DB>>::from_sql(raw)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An event's label: the same at every delivery of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Its id.
    pub event: EventId,
    /// Its type, as in `message.posted`.
    pub event_type: String,
    /// The version its payload was written in.
    pub version: i64,
    /// Its partition, 0..16.
    pub partition: u8,
    /// What orders it.
    pub key: Key,
    /// The tenant it happened in.
    pub tenant: TenantId,
    /// When it was written.
    pub occurred_at: Timestamp,
    /// The W3C trace context it was written in.
    pub traceparent: Option<String>,
}

/// An event on its way to a consumer.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its label.
    pub envelope: Envelope,
    /// Its bytes.
    pub payload: Vec<u8>,
}

/// Begins the step in which `group` applies an event: what follows from the event is caused by that step.
pub(crate) fn consuming(delivery: &mut Delivery, group: &str) -> Option<Step> {
    let meta = &mut delivery.envelope;
    let about = format_args!("{group} {}", meta.event_type);
    let step = Step::begin(StepKind::Consumer, "consume", about, meta.traceparent.as_deref())?;
    meta.traceparent = Some(step.context().to_owned());
    Some(step)
}

/// A partition from its column.
pub(crate) fn partition(column: i64) -> u8 {
    u8::try_from(column.rem_euclid(i64::from(proto_events::PARTITIONS))).unwrap_or_default()
}
