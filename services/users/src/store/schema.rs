//! The tables of this service; the columns are explained in `migrations/`.

diesel::table! {
    tenant_heads (tenant) {
        tenant -> Binary,
        last_created_at -> Timestamp,
    }
}

diesel::table! {
    partners (number) {
        number -> BigInt,
        user_id -> Binary,
    }
}

diesel::table! {
    users (number) {
        number -> BigInt,
        id -> Binary,
        tenant -> Binary,
        partner -> BigInt,
        idsha -> Text,
        name -> Text,
        surname -> Nullable<Text>,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        search_key -> Text,
        phone -> Nullable<Text>,
        role -> Text,
        detail -> Text,
        extras -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    external_ids (tenant, surface, external_key) {
        tenant -> Binary,
        surface -> Text,
        external_key -> Binary,
        user_id -> Binary,
    }
}

diesel::table! {
    user_groups (number) {
        number -> BigInt,
        id -> Binary,
        tenant -> Binary,
        name -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    group_members (group_id, user_id) {
        group_id -> Binary,
        user_id -> Binary,
    }
}

diesel::table! {
    book_entries (number) {
        number -> BigInt,
        owner -> Binary,
        contact -> Binary,
        added_at -> Timestamp,
    }
}

diesel::table! {
    companies (number) {
        number -> BigInt,
        id -> Binary,
        tenant -> Binary,
        name -> Text,
        slug -> Text,
        logo_url -> Nullable<Text>,
        creator -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erasures (tenant) {
        tenant -> Binary,
        due_at -> Timestamp,
        swept -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, external_ids, user_groups, group_members, book_entries);
