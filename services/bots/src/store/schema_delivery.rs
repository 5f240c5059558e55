//! The tables of delivery; the columns are explained in `migrations/`.

use super::schema::interactions;

diesel::table! {
    endpoints (id) {
        id -> Binary,
        tenant -> Binary,
        kind -> Text,
        url -> Text,
        format -> Text,
        events -> Nullable<Text>,
        on_parked -> Text,
        change -> BigInt,
        failing_since -> Nullable<Timestamp>,
        disabled_at -> Nullable<Timestamp>,
        disabled_because -> Nullable<Text>,
        deleted_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    endpoint_changes (id) {
        id -> BigInt,
        last -> BigInt,
    }
}

diesel::table! {
    endpoint_secrets (endpoint, place) {
        endpoint -> Binary,
        place -> BigInt,
        key_id -> Text,
        sealed -> Binary,
        made_at -> Timestamp,
        ends_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    lanes (lane) {
        lane -> Binary,
        tenant -> Binary,
        endpoint -> Binary,
        interaction -> Nullable<Binary>,
        last_place -> BigInt,
        done_place -> BigInt,
        due_at -> Nullable<Timestamp>,
        holder -> Nullable<Binary>,
        tries -> BigInt,
        failing_since -> Nullable<Timestamp>,
        blocked -> Bool,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Binary,
        tenant -> Binary,
        lane -> Binary,
        place -> Nullable<BigInt>,
        endpoint -> Binary,
        webhook_id -> Text,
        event -> Text,
        interaction -> Nullable<Binary>,
        chat -> Nullable<Binary>,
        message -> Nullable<Binary>,
        state -> Text,
        body -> Text,
        trace -> Nullable<Text>,
        replay_of -> Nullable<Binary>,
        created_at -> Timestamp,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    attempts (delivery, number) {
        delivery -> Binary,
        number -> BigInt,
        at -> Timestamp,
        status -> Nullable<BigInt>,
        duration_ms -> BigInt,
        error -> Nullable<Text>,
        response -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(lanes, interactions);
