//! The tables, as the migrations make them.

diesel::table! {
    tenants (id) {
        id -> Binary,
        name -> Text,
        name_key -> Nullable<Text>,
        admin_id -> Binary,
        bot_id -> Binary,
        key_id -> Text,
        last_token_us -> BigInt,
        created_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    logins (user_id) {
        user_id -> Binary,
        tenant_id -> Binary,
        login -> Text,
        login_key -> Text,
        password_hash -> Nullable<Text>,
        generation -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    login_failures (subject) {
        subject -> Binary,
        since -> Timestamp,
        failed -> BigInt,
    }
}

diesel::table! {
    tokens (id) {
        id -> Binary,
        tenant_id -> Binary,
        kind -> Text,
        user_id -> Nullable<Binary>,
        name -> Text,
        detail -> Text,
        secret_hash -> Binary,
        prefix -> Text,
        key_id -> Text,
        generation -> BigInt,
        may_read -> Bool,
        may_write -> Bool,
        request_key -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        chat_id -> Nullable<Binary>,
    }
}

diesel::table! {
    standing_tokens (tenant_id, user_id, kind) {
        tenant_id -> Binary,
        user_id -> Binary,
        kind -> Text,
        token_id -> Binary,
        generation -> BigInt,
    }
}

diesel::table! {
    jwt_keys (generation) {
        generation -> BigInt,
        kid -> Text,
        key_id -> Text,
        created_at -> Timestamp,
        superseded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    invitations (id) {
        id -> Binary,
        tenant_id -> Binary,
        visitor_id -> Binary,
        bot_id -> Binary,
        secret_hash -> Binary,
        key_id -> Text,
        generation -> BigInt,
        max_uses -> BigInt,
        uses -> BigInt,
        last_day -> Date,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    outgoing (id) {
        id -> Binary,
        tenant_id -> Binary,
        user_id -> Binary,
        channel -> Text,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        invitation_id -> Binary,
        generation -> BigInt,
        key_id -> Text,
        attempts -> BigInt,
        due_at -> Timestamp,
        created_at -> Timestamp,
        secret_of -> Text,
    }
}

diesel::table! {
    chat_passwords (chat_id) {
        chat_id -> Binary,
        tenant_id -> Binary,
        key_id -> Text,
        generation -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    codes (id) {
        id -> Binary,
        tenant_id -> Binary,
        chat_id -> Binary,
        user_id -> Binary,
        address_hash -> Binary,
        code_hash -> Binary,
        key_id -> Text,
        tries -> BigInt,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erasures (id) {
        id -> Binary,
        tenant_id -> Binary,
        user_id -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(tenants, logins, tokens, standing_tokens, invitations, chat_passwords);
