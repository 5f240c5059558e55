//! The tables of this service; the columns are explained in `migrations/`.

diesel::table! {
    departments (number) {
        number -> BigInt,
        id -> Binary,
        tenant -> Binary,
        name -> Text,
        active -> Bool,
        bot_user -> Nullable<Binary>,
        bot_url -> Nullable<Text>,
        bot_signed -> Bool,
        bot_users -> BigInt,
        bot_leaving -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    department_agents (department, user_id) {
        department -> Binary,
        user_id -> Binary,
        tenant -> Binary,
        user_number -> BigInt,
    }
}

diesel::table! {
    interactions (id) {
        id -> Binary,
        tenant -> Binary,
        chat -> Binary,
        state -> Text,
        user_id -> Nullable<Binary>,
        department -> Binary,
        department_number -> BigInt,
        start_department -> Binary,
        start_number -> BigInt,
        customer -> Nullable<Binary>,
        version -> BigInt,
        told_version -> BigInt,
        from_seq -> BigInt,
        mood -> Nullable<Text>,
        tags -> Text,
        customer_key -> Nullable<Text>,
        note -> Nullable<Text>,
        extra -> Nullable<Text>,
        external_history -> Nullable<Text>,
        media_type -> Nullable<Text>,
        created_at -> Timestamp,
        changed_at -> Timestamp,
        accepted_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    interaction_changes (interaction, version) {
        interaction -> Binary,
        version -> BigInt,
        tenant -> Binary,
        at -> Timestamp,
        state -> Text,
        user_id -> Nullable<Binary>,
        department -> Binary,
        from_seq -> BigInt,
        by_user -> Nullable<Binary>,
        why -> Text,
    }
}

diesel::table! {
    seats (participation) {
        participation -> Binary,
        chat -> Binary,
        user_id -> Binary,
        tenant -> Binary,
    }
}

diesel::table! {
    erasures (tenant) {
        tenant -> Binary,
        due_at -> Timestamp,
        swept -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(departments, department_agents, interactions, seats);
