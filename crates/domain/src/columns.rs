//! The types as columns of either engine: ids as 16 bytes, words as text, moments as timestamps.

use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Binary, Text, Timestamp as SqlTimestamp};
use uuid::Uuid;

use crate::{
    ChatId, ChatKind, ClaimId, CodeId, CompanyId, DeliveryId, DeliveryState, DepartmentId, EndpointKind, EventId,
    GroupId, HandoverReason, InteractionId, InteractionState, InvitationId, LaneId, MessageId, MessageKind, Mood,
    OnParked, ParticipantRole, ParticipantState, ParticipantStatus, ParticipationId, Presence, Role, Surface, TenantId,
    Timestamp, TokenId, TokenKind, UserId, WebhookFormat, WebhookId,
};

macro_rules! id_columns {
    ($($name:ident)+) => { $(
        impl<DB: Backend> ToSql<Binary, DB> for $name where [u8]: ToSql<Binary, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <[u8] as ToSql<Binary, DB>>::to_sql(self.bytes().as_slice(), out)
            }
        }
        impl<DB: Backend> FromSql<Binary, DB> for $name where Vec<u8>: FromSql<Binary, DB> {
            fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, DB>>::from_sql(raw)?;
                Ok(Self::from_uuid(Uuid::from_slice(&bytes)?))
            }
        }
    )+ };
}

macro_rules! word_columns {
    ($($name:ident)+) => { $(
        impl<DB: Backend> ToSql<Text, DB> for $name where str: ToSql<Text, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <str as ToSql<Text, DB>>::to_sql(self.as_str(), out)
            }
        }
        impl<DB: Backend> FromSql<Text, DB> for $name where String: FromSql<Text, DB> {
            fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(<String as FromSql<Text, DB>>::from_sql(raw)?.parse()?)
            }
        }
    )+ };
}

id_columns! {
    TenantId UserId ChatId MessageId ParticipationId TokenId GroupId EventId InvitationId CompanyId CodeId InteractionId
    DepartmentId WebhookId DeliveryId LaneId ClaimId
}
word_columns! {
    Surface Role ChatKind MessageKind ParticipantRole ParticipantState ParticipantStatus Presence TokenKind
    InteractionState HandoverReason Mood EndpointKind WebhookFormat OnParked DeliveryState
}

impl<DB: Backend> ToSql<SqlTimestamp, DB> for Timestamp
where
    NaiveDateTime: ToSql<SqlTimestamp, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<SqlTimestamp, DB> for Timestamp
where
    NaiveDateTime: FromSql<SqlTimestamp, DB>,
{
    fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_naive(NaiveDateTime::from_sql(raw)?))
    }
}
