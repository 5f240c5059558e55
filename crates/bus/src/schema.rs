//! The kernel's tables, alike in every service's database.
#![expect(missing_docs, reason = "the columns are explained in migrations/")]

diesel::table! {
    outbox (id) {
        id -> BigInt,
        event_id -> Binary,
        event_type -> Text,
        version -> BigInt,
        partition -> BigInt,
        order_key -> Binary,
        tenant -> Binary,
        payload -> Binary,
        traceparent -> Nullable<Text>,
        occurred_at -> Timestamp,
        published_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    inbox (consumer, event_id) {
        consumer -> Text,
        event_id -> Binary,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    leases (scope, partition) {
        scope -> Text,
        partition -> BigInt,
        holder -> Nullable<Binary>,
        expires_us -> BigInt,
    }
}

diesel::table! {
    instances (scope, instance) {
        scope -> Text,
        instance -> Binary,
        expires_us -> BigInt,
    }
}

diesel::table! {
    parked (id) {
        id -> BigInt,
        consumer -> Text,
        event_id -> Binary,
        event_type -> Text,
        version -> BigInt,
        partition -> BigInt,
        order_key -> Binary,
        tenant -> Binary,
        payload -> Binary,
        traceparent -> Nullable<Text>,
        occurred_at -> Timestamp,
        reason -> Text,
        parked_at -> Timestamp,
    }
}

diesel::table! {
    parked_keys (consumer, order_key) {
        consumer -> Text,
        order_key -> Binary,
    }
}
