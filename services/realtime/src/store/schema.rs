//! The tables of this service; the columns are explained in `migrations/`.

diesel::table! {
    tenant_heads (tenant) {
        tenant -> Binary,
        head -> BigInt,
        kept_after -> BigInt,
    }
}

diesel::table! {
    feed (tenant, place) {
        tenant -> Binary,
        place -> BigInt,
        at -> Timestamp,
        chat -> Nullable<Binary>,
        audience -> Binary,
        passing_until -> Nullable<Timestamp>,
        what -> Text,
    }
}

diesel::table! {
    chat_copies (chat) {
        chat -> Binary,
        tenant -> Binary,
        version -> BigInt,
    }
}

diesel::table! {
    members (stay) {
        stay -> Binary,
        chat -> Binary,
        user_id -> Binary,
        joined_seq -> BigInt,
        left_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    presence (user_id) {
        user_id -> Binary,
        tenant -> Binary,
        stands -> Text,
        seen_at -> Timestamp,
        active_at -> Timestamp,
    }
}

diesel::table! {
    erasures (tenant) {
        tenant -> Binary,
        due_at -> Timestamp,
        swept -> Bool,
    }
}
