//! The tables, as `migrations/` makes them.

diesel::table! {
    heads (chat) {
        chat -> Binary,
        tenant -> Binary,
        last_seq -> BigInt,
        last_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    messages (chat_id, seq) {
        chat_id -> Binary,
        seq -> BigInt,
        id -> Binary,
        number -> BigInt,
        tenant -> Binary,
        author -> Nullable<Binary>,
        origin -> Text,
        kind -> Text,
        text -> Nullable<Text>,
        media -> Nullable<Text>,
        extras -> Nullable<Text>,
        membership_version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        edited_at -> Nullable<Timestamp>,
        deleted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    post_keys (key) {
        key -> Binary,
        body -> Binary,
        chat_id -> Binary,
        seq -> BigInt,
    }
}

diesel::table! {
    reads (chat_id, user_id) {
        chat_id -> Binary,
        user_id -> Binary,
        seq -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    hidden_copies (stay, number) {
        stay -> Binary,
        number -> BigInt,
        hidden_at -> Timestamp,
    }
}

diesel::table! {
    tenant_days (tenant, day) {
        tenant -> Binary,
        day -> BigInt,
        messages -> BigInt,
    }
}

diesel::table! {
    erasures (tenant) {
        tenant -> Binary,
        asked_at -> Timestamp,
    }
}

diesel::joinable!(reads -> heads (chat_id));
diesel::allow_tables_to_appear_in_same_query!(heads, messages, reads, hidden_copies);
