//! The tables of this service; the columns are explained in `migrations/`.

diesel::table! {
    tenant_heads (tenant) {
        tenant -> Binary,
        last_created_at -> Timestamp,
    }
}

diesel::table! {
    user_heads (user_id) {
        user_id -> Binary,
        tenant -> Binary,
        last_joined_at -> Timestamp,
    }
}

diesel::table! {
    chats (number) {
        number -> BigInt,
        id -> Binary,
        tenant -> Binary,
        kind -> Text,
        title -> Nullable<Text>,
        detail -> Text,
        owner -> Nullable<Binary>,
        creator -> Nullable<Binary>,
        match_key -> Nullable<Binary>,
        group_id -> Nullable<Binary>,
        version -> BigInt,
        extras -> Text,
        last_message -> Nullable<Binary>,
        last_seq -> Nullable<BigInt>,
        last_at -> Nullable<Timestamp>,
        active_at -> Timestamp,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
        company -> Nullable<Binary>,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    participants (number) {
        number -> BigInt,
        id -> Binary,
        chat -> Binary,
        user_id -> Binary,
        role -> Text,
        state -> Text,
        closed_seq -> Nullable<BigInt>,
        status -> Text,
        position -> BigInt,
        joined_at -> Timestamp,
        joined_seq -> BigInt,
        left_at -> Nullable<Timestamp>,
        left_seq -> Nullable<BigInt>,
        dropped_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    documents (number) {
        number -> BigInt,
        chat -> Binary,
        model -> Text,
        record -> BigInt,
    }
}

diesel::table! {
    erasures (tenant) {
        tenant -> Binary,
        due_at -> Timestamp,
        swept -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(chats, participants, documents);
