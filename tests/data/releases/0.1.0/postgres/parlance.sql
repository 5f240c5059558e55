--
-- PostgreSQL database dump
--



SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: auth; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA auth;


--
-- Name: bots; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA bots;


--
-- Name: chats; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA chats;


--
-- Name: messages; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA messages;


--
-- Name: realtime; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA realtime;


--
-- Name: users; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA users;




--
-- Name: __diesel_schema_migrations; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: chat_passwords; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.chat_passwords (
    chat_id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    key_id text NOT NULL,
    generation bigint NOT NULL,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT chat_passwords_chat_id_check CHECK ((octet_length(chat_id) = 16)),
    CONSTRAINT chat_passwords_tenant_id_check CHECK ((octet_length(tenant_id) = 16))
);


--
-- Name: codes; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.codes (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    chat_id bytea NOT NULL,
    user_id bytea NOT NULL,
    address_hash bytea NOT NULL,
    code_hash bytea NOT NULL,
    key_id text NOT NULL,
    tries bigint NOT NULL,
    created_at timestamp without time zone NOT NULL,
    expires_at timestamp without time zone NOT NULL,
    used_at timestamp without time zone,
    CONSTRAINT codes_address_hash_check CHECK ((octet_length(address_hash) = 32)),
    CONSTRAINT codes_chat_id_check CHECK ((octet_length(chat_id) = 16)),
    CONSTRAINT codes_code_hash_check CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT codes_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT codes_tenant_id_check CHECK ((octet_length(tenant_id) = 16)),
    CONSTRAINT codes_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: erasures; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.erasures (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    user_id bytea,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT erasures_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT erasures_tenant_id_check CHECK ((octet_length(tenant_id) = 16)),
    CONSTRAINT erasures_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: idempotency; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.idempotency (
    key bytea NOT NULL,
    body_hash bytea NOT NULL,
    answer text,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT idempotency_body_hash_check CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT idempotency_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: inbox; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.inbox (
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    seen_at timestamp without time zone NOT NULL,
    CONSTRAINT inbox_event_id_check CHECK ((octet_length(event_id) = 16))
);


--
-- Name: instances; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.instances (
    scope text NOT NULL,
    instance bytea NOT NULL,
    expires_us bigint NOT NULL,
    CONSTRAINT instances_instance_check CHECK ((octet_length(instance) = 16))
);


--
-- Name: invitations; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.invitations (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    visitor_id bytea NOT NULL,
    bot_id bytea NOT NULL,
    secret_hash bytea NOT NULL,
    key_id text NOT NULL,
    generation bigint NOT NULL,
    max_uses bigint NOT NULL,
    uses bigint NOT NULL,
    last_day date NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    CONSTRAINT invitations_bot_id_check CHECK ((octet_length(bot_id) = 16)),
    CONSTRAINT invitations_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT invitations_max_uses_check CHECK ((max_uses > 0)),
    CONSTRAINT invitations_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT invitations_tenant_id_check CHECK ((octet_length(tenant_id) = 16)),
    CONSTRAINT invitations_uses_check CHECK ((uses >= 0)),
    CONSTRAINT invitations_visitor_id_check CHECK ((octet_length(visitor_id) = 16))
);


--
-- Name: jwt_keys; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.jwt_keys (
    generation bigint NOT NULL,
    kid text NOT NULL,
    key_id text NOT NULL,
    created_at timestamp without time zone NOT NULL,
    superseded_at timestamp without time zone
);


--
-- Name: leases; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.leases (
    scope text NOT NULL,
    partition bigint NOT NULL,
    holder bytea,
    expires_us bigint NOT NULL,
    CONSTRAINT leases_holder_check CHECK ((octet_length(holder) = 16)),
    CONSTRAINT leases_partition_check CHECK (((partition >= 0) AND (partition <= 15)))
);


--
-- Name: login_failures; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.login_failures (
    subject bytea NOT NULL,
    since timestamp without time zone NOT NULL,
    failed bigint NOT NULL,
    CONSTRAINT login_failures_subject_check CHECK ((octet_length(subject) = 32))
);


--
-- Name: logins; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.logins (
    user_id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    login text NOT NULL,
    login_key text NOT NULL,
    password_hash text,
    generation bigint NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    CONSTRAINT logins_tenant_id_check CHECK ((octet_length(tenant_id) = 16)),
    CONSTRAINT logins_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: outbox; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.outbox (
    id bigint NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    published_at timestamp without time zone,
    CONSTRAINT outbox_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT outbox_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT outbox_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT outbox_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000');


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: auth; Owner: -
--

CREATE SEQUENCE auth.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: outbox_id_seq; Type: SEQUENCE OWNED BY; Schema: auth; Owner: -
--

ALTER SEQUENCE auth.outbox_id_seq OWNED BY auth.outbox.id;


--
-- Name: outgoing; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.outgoing (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    user_id bytea NOT NULL,
    channel text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    invitation_id bytea NOT NULL,
    generation bigint NOT NULL,
    key_id text NOT NULL,
    attempts bigint NOT NULL,
    due_at timestamp without time zone NOT NULL,
    created_at timestamp without time zone NOT NULL,
    secret_of text DEFAULT 'invitation'::text NOT NULL,
    CONSTRAINT outgoing_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text]))),
    CONSTRAINT outgoing_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT outgoing_invitation_id_check CHECK ((octet_length(invitation_id) = 16)),
    CONSTRAINT outgoing_secret_of_check CHECK ((secret_of = ANY (ARRAY['invitation'::text, 'code'::text]))),
    CONSTRAINT outgoing_tenant_id_check CHECK ((octet_length(tenant_id) = 16)),
    CONSTRAINT outgoing_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: parked; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.parked (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    reason text NOT NULL,
    parked_at timestamp without time zone NOT NULL,
    CONSTRAINT parked_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT parked_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT parked_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT parked_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: parked_id_seq; Type: SEQUENCE; Schema: auth; Owner: -
--

CREATE SEQUENCE auth.parked_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: parked_id_seq; Type: SEQUENCE OWNED BY; Schema: auth; Owner: -
--

ALTER SEQUENCE auth.parked_id_seq OWNED BY auth.parked.id;


--
-- Name: parked_keys; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.parked_keys (
    consumer text NOT NULL,
    order_key bytea NOT NULL,
    CONSTRAINT parked_keys_order_key_check CHECK ((octet_length(order_key) = 16))
);


--
-- Name: standing_tokens; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.standing_tokens (
    tenant_id bytea NOT NULL,
    user_id bytea NOT NULL,
    kind text NOT NULL,
    token_id bytea NOT NULL,
    generation bigint NOT NULL,
    CONSTRAINT standing_tokens_kind_check CHECK ((kind = ANY (ARRAY['imbee_user'::text, 'imbee_visit'::text]))),
    CONSTRAINT standing_tokens_tenant_id_check CHECK ((octet_length(tenant_id) = 16)),
    CONSTRAINT standing_tokens_token_id_check CHECK ((octet_length(token_id) = 16)),
    CONSTRAINT standing_tokens_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: tenants; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.tenants (
    id bytea NOT NULL,
    name text NOT NULL,
    name_key text,
    admin_id bytea NOT NULL,
    bot_id bytea NOT NULL,
    key_id text NOT NULL,
    last_token_us bigint NOT NULL,
    created_at timestamp without time zone NOT NULL,
    deleted_at timestamp without time zone,
    CONSTRAINT tenants_admin_id_check CHECK ((octet_length(admin_id) = 16)),
    CONSTRAINT tenants_bot_id_check CHECK ((octet_length(bot_id) = 16)),
    CONSTRAINT tenants_id_check CHECK ((octet_length(id) = 16))
);


--
-- Name: tokens; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.tokens (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    kind text NOT NULL,
    user_id bytea,
    name text NOT NULL,
    detail text NOT NULL,
    secret_hash bytea NOT NULL,
    prefix text NOT NULL,
    key_id text NOT NULL,
    generation bigint NOT NULL,
    may_read boolean NOT NULL,
    may_write boolean NOT NULL,
    request_key bytea,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    expires_at timestamp without time zone,
    last_used_at timestamp without time zone,
    revoked_at timestamp without time zone,
    chat_id bytea,
    CONSTRAINT tokens_chat_id_check CHECK ((octet_length(chat_id) = 16)),
    CONSTRAINT tokens_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT tokens_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT tokens_tenant_id_check CHECK ((octet_length(tenant_id) = 16)),
    CONSTRAINT tokens_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: __diesel_schema_migrations; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: attempts; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.attempts (
    delivery bytea NOT NULL,
    number bigint NOT NULL,
    at timestamp without time zone NOT NULL,
    status bigint,
    duration_ms bigint NOT NULL,
    error text,
    response text,
    CONSTRAINT attempts_delivery_check CHECK ((octet_length(delivery) = 16))
);


--
-- Name: deliveries; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.deliveries (
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    lane bytea NOT NULL,
    place bigint,
    endpoint bytea NOT NULL,
    webhook_id text NOT NULL,
    event text NOT NULL,
    interaction bytea,
    chat bytea,
    message bytea,
    state text NOT NULL,
    body text NOT NULL,
    trace text,
    replay_of bytea,
    created_at timestamp without time zone NOT NULL,
    settled_at timestamp without time zone,
    CONSTRAINT deliveries_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT deliveries_endpoint_check CHECK ((octet_length(endpoint) = 16)),
    CONSTRAINT deliveries_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT deliveries_interaction_check CHECK ((octet_length(interaction) = 16)),
    CONSTRAINT deliveries_lane_check CHECK ((octet_length(lane) = 16)),
    CONSTRAINT deliveries_message_check CHECK ((octet_length(message) = 16)),
    CONSTRAINT deliveries_replay_of_check CHECK ((octet_length(replay_of) = 16)),
    CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'rejected'::text, 'parked'::text, 'cancelled'::text]))),
    CONSTRAINT deliveries_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: department_agents; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.department_agents (
    department bytea NOT NULL,
    user_id bytea NOT NULL,
    tenant bytea NOT NULL,
    user_number bigint NOT NULL,
    CONSTRAINT department_agents_department_check CHECK ((octet_length(department) = 16)),
    CONSTRAINT department_agents_tenant_check CHECK ((octet_length(tenant) = 16)),
    CONSTRAINT department_agents_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: departments; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.departments (
    number bigint NOT NULL,
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    name text NOT NULL,
    active boolean NOT NULL,
    bot_user bytea,
    bot_url text,
    bot_signed boolean NOT NULL,
    bot_users bigint NOT NULL,
    bot_leaving bytea,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    CONSTRAINT departments_bot_leaving_check CHECK ((octet_length(bot_leaving) = 16)),
    CONSTRAINT departments_bot_user_check CHECK ((octet_length(bot_user) = 16)),
    CONSTRAINT departments_check CHECK (((bot_user IS NULL) = (bot_url IS NULL))),
    CONSTRAINT departments_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT departments_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: departments_number_seq; Type: SEQUENCE; Schema: bots; Owner: -
--

CREATE SEQUENCE bots.departments_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: departments_number_seq; Type: SEQUENCE OWNED BY; Schema: bots; Owner: -
--

ALTER SEQUENCE bots.departments_number_seq OWNED BY bots.departments.number;


--
-- Name: endpoint_changes; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.endpoint_changes (
    id bigint NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT endpoint_changes_id_check CHECK ((id = 1))
);


--
-- Name: endpoint_secrets; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.endpoint_secrets (
    endpoint bytea NOT NULL,
    place bigint NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    made_at timestamp without time zone NOT NULL,
    ends_at timestamp without time zone,
    CONSTRAINT endpoint_secrets_endpoint_check CHECK ((octet_length(endpoint) = 16))
);


--
-- Name: endpoints; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.endpoints (
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    kind text NOT NULL,
    url text NOT NULL,
    format text NOT NULL,
    events text,
    on_parked text NOT NULL,
    change bigint NOT NULL,
    failing_since timestamp without time zone,
    disabled_at timestamp without time zone,
    disabled_because text,
    deleted_at timestamp without time zone,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    CONSTRAINT endpoints_format_check CHECK ((format = ANY (ARRAY['voipbin'::text, 'zenvia'::text, 'native'::text]))),
    CONSTRAINT endpoints_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT endpoints_kind_check CHECK ((kind = ANY (ARRAY['bot'::text, 'webhook'::text]))),
    CONSTRAINT endpoints_on_parked_check CHECK ((on_parked = ANY (ARRAY['pass'::text, 'wait'::text]))),
    CONSTRAINT endpoints_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: erasures; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.erasures (
    tenant bytea NOT NULL,
    due_at timestamp without time zone NOT NULL,
    swept boolean NOT NULL,
    CONSTRAINT erasures_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: idempotency; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.idempotency (
    key bytea NOT NULL,
    body_hash bytea NOT NULL,
    answer text,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT idempotency_body_hash_check CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT idempotency_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: inbox; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.inbox (
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    seen_at timestamp without time zone NOT NULL,
    CONSTRAINT inbox_event_id_check CHECK ((octet_length(event_id) = 16))
);


--
-- Name: instances; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.instances (
    scope text NOT NULL,
    instance bytea NOT NULL,
    expires_us bigint NOT NULL,
    CONSTRAINT instances_instance_check CHECK ((octet_length(instance) = 16))
);


--
-- Name: interaction_changes; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.interaction_changes (
    interaction bytea NOT NULL,
    version bigint NOT NULL,
    tenant bytea NOT NULL,
    at timestamp without time zone NOT NULL,
    state text NOT NULL,
    user_id bytea,
    department bytea NOT NULL,
    from_seq bigint NOT NULL,
    by_user bytea,
    why text NOT NULL,
    CONSTRAINT interaction_changes_by_user_check CHECK ((octet_length(by_user) = 16)),
    CONSTRAINT interaction_changes_department_check CHECK ((octet_length(department) = 16)),
    CONSTRAINT interaction_changes_interaction_check CHECK ((octet_length(interaction) = 16)),
    CONSTRAINT interaction_changes_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'bot'::text, 'agent'::text, 'finished'::text]))),
    CONSTRAINT interaction_changes_tenant_check CHECK ((octet_length(tenant) = 16)),
    CONSTRAINT interaction_changes_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: interactions; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.interactions (
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    chat bytea NOT NULL,
    state text NOT NULL,
    user_id bytea,
    department bytea NOT NULL,
    department_number bigint NOT NULL,
    start_department bytea NOT NULL,
    start_number bigint NOT NULL,
    customer bytea,
    version bigint NOT NULL,
    told_version bigint NOT NULL,
    from_seq bigint NOT NULL,
    mood text,
    tags text NOT NULL,
    customer_key text,
    note text,
    extra text,
    external_history text,
    media_type text,
    created_at timestamp without time zone NOT NULL,
    changed_at timestamp without time zone NOT NULL,
    accepted_at timestamp without time zone,
    finished_at timestamp without time zone,
    CONSTRAINT interactions_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT interactions_check CHECK (((state = 'finished'::text) = (finished_at IS NOT NULL))),
    CONSTRAINT interactions_check1 CHECK (((user_id IS NOT NULL) = (state = ANY (ARRAY['bot'::text, 'agent'::text])))),
    CONSTRAINT interactions_customer_check CHECK ((octet_length(customer) = 16)),
    CONSTRAINT interactions_department_check CHECK ((octet_length(department) = 16)),
    CONSTRAINT interactions_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT interactions_mood_check CHECK ((mood = ANY (ARRAY['positive'::text, 'negative'::text]))),
    CONSTRAINT interactions_start_department_check CHECK ((octet_length(start_department) = 16)),
    CONSTRAINT interactions_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'bot'::text, 'agent'::text, 'finished'::text]))),
    CONSTRAINT interactions_tenant_check CHECK ((octet_length(tenant) = 16)),
    CONSTRAINT interactions_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: lanes; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.lanes (
    lane bytea NOT NULL,
    tenant bytea NOT NULL,
    endpoint bytea NOT NULL,
    interaction bytea,
    last_place bigint NOT NULL,
    done_place bigint NOT NULL,
    due_at timestamp without time zone,
    holder bytea,
    tries bigint NOT NULL,
    failing_since timestamp without time zone,
    blocked boolean NOT NULL,
    CONSTRAINT lanes_endpoint_check CHECK ((octet_length(endpoint) = 16)),
    CONSTRAINT lanes_holder_check CHECK ((octet_length(holder) = 16)),
    CONSTRAINT lanes_interaction_check CHECK ((octet_length(interaction) = 16)),
    CONSTRAINT lanes_lane_check CHECK ((octet_length(lane) = 16)),
    CONSTRAINT lanes_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: leases; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.leases (
    scope text NOT NULL,
    partition bigint NOT NULL,
    holder bytea,
    expires_us bigint NOT NULL,
    CONSTRAINT leases_holder_check CHECK ((octet_length(holder) = 16)),
    CONSTRAINT leases_partition_check CHECK (((partition >= 0) AND (partition <= 15)))
);


--
-- Name: outbox; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.outbox (
    id bigint NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    published_at timestamp without time zone,
    CONSTRAINT outbox_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT outbox_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT outbox_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT outbox_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000');


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: bots; Owner: -
--

CREATE SEQUENCE bots.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: outbox_id_seq; Type: SEQUENCE OWNED BY; Schema: bots; Owner: -
--

ALTER SEQUENCE bots.outbox_id_seq OWNED BY bots.outbox.id;


--
-- Name: parked; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.parked (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    reason text NOT NULL,
    parked_at timestamp without time zone NOT NULL,
    CONSTRAINT parked_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT parked_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT parked_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT parked_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: parked_id_seq; Type: SEQUENCE; Schema: bots; Owner: -
--

CREATE SEQUENCE bots.parked_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: parked_id_seq; Type: SEQUENCE OWNED BY; Schema: bots; Owner: -
--

ALTER SEQUENCE bots.parked_id_seq OWNED BY bots.parked.id;


--
-- Name: parked_keys; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.parked_keys (
    consumer text NOT NULL,
    order_key bytea NOT NULL,
    CONSTRAINT parked_keys_order_key_check CHECK ((octet_length(order_key) = 16))
);


--
-- Name: seats; Type: TABLE; Schema: bots; Owner: -
--

CREATE TABLE bots.seats (
    participation bytea NOT NULL,
    chat bytea NOT NULL,
    user_id bytea NOT NULL,
    tenant bytea NOT NULL,
    CONSTRAINT seats_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT seats_participation_check CHECK ((octet_length(participation) = 16)),
    CONSTRAINT seats_tenant_check CHECK ((octet_length(tenant) = 16)),
    CONSTRAINT seats_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: __diesel_schema_migrations; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: chats; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.chats (
    number bigint NOT NULL,
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    kind text NOT NULL,
    title text,
    detail text NOT NULL,
    owner bytea,
    creator bytea,
    match_key bytea,
    version bigint NOT NULL,
    extras text NOT NULL,
    last_message bytea,
    last_seq bigint,
    last_at timestamp without time zone,
    active_at timestamp without time zone NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    deleted_at timestamp without time zone,
    company bytea,
    closed_at timestamp without time zone,
    group_id bytea,
    CONSTRAINT chats_company_check CHECK ((octet_length(company) = 16)),
    CONSTRAINT chats_creator_check CHECK ((octet_length(creator) = 16)),
    CONSTRAINT chats_group_id_check CHECK ((octet_length(group_id) = 16)),
    CONSTRAINT chats_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT chats_kind_check CHECK ((kind = ANY (ARRAY['direct'::text, 'group'::text, 'support'::text]))),
    CONSTRAINT chats_last_message_check CHECK ((octet_length(last_message) = 16)),
    CONSTRAINT chats_match_key_check CHECK ((octet_length(match_key) = 32)),
    CONSTRAINT chats_owner_check CHECK ((octet_length(owner) = 16)),
    CONSTRAINT chats_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: chats_number_seq; Type: SEQUENCE; Schema: chats; Owner: -
--

CREATE SEQUENCE chats.chats_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: chats_number_seq; Type: SEQUENCE OWNED BY; Schema: chats; Owner: -
--

ALTER SEQUENCE chats.chats_number_seq OWNED BY chats.chats.number;


--
-- Name: documents; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.documents (
    number bigint NOT NULL,
    chat bytea NOT NULL,
    model text NOT NULL,
    record bigint NOT NULL,
    CONSTRAINT documents_chat_check CHECK ((octet_length(chat) = 16))
);


--
-- Name: documents_number_seq; Type: SEQUENCE; Schema: chats; Owner: -
--

CREATE SEQUENCE chats.documents_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: documents_number_seq; Type: SEQUENCE OWNED BY; Schema: chats; Owner: -
--

ALTER SEQUENCE chats.documents_number_seq OWNED BY chats.documents.number;


--
-- Name: erasures; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.erasures (
    tenant bytea NOT NULL,
    due_at timestamp without time zone NOT NULL,
    swept boolean NOT NULL,
    CONSTRAINT erasures_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: idempotency; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.idempotency (
    key bytea NOT NULL,
    body_hash bytea NOT NULL,
    answer text,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT idempotency_body_hash_check CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT idempotency_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: inbox; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.inbox (
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    seen_at timestamp without time zone NOT NULL,
    CONSTRAINT inbox_event_id_check CHECK ((octet_length(event_id) = 16))
);


--
-- Name: instances; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.instances (
    scope text NOT NULL,
    instance bytea NOT NULL,
    expires_us bigint NOT NULL,
    CONSTRAINT instances_instance_check CHECK ((octet_length(instance) = 16))
);


--
-- Name: leases; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.leases (
    scope text NOT NULL,
    partition bigint NOT NULL,
    holder bytea,
    expires_us bigint NOT NULL,
    CONSTRAINT leases_holder_check CHECK ((octet_length(holder) = 16)),
    CONSTRAINT leases_partition_check CHECK (((partition >= 0) AND (partition <= 15)))
);


--
-- Name: outbox; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.outbox (
    id bigint NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    published_at timestamp without time zone,
    CONSTRAINT outbox_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT outbox_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT outbox_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT outbox_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000');


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: chats; Owner: -
--

CREATE SEQUENCE chats.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: outbox_id_seq; Type: SEQUENCE OWNED BY; Schema: chats; Owner: -
--

ALTER SEQUENCE chats.outbox_id_seq OWNED BY chats.outbox.id;


--
-- Name: parked; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.parked (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    reason text NOT NULL,
    parked_at timestamp without time zone NOT NULL,
    CONSTRAINT parked_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT parked_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT parked_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT parked_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: parked_id_seq; Type: SEQUENCE; Schema: chats; Owner: -
--

CREATE SEQUENCE chats.parked_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: parked_id_seq; Type: SEQUENCE OWNED BY; Schema: chats; Owner: -
--

ALTER SEQUENCE chats.parked_id_seq OWNED BY chats.parked.id;


--
-- Name: parked_keys; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.parked_keys (
    consumer text NOT NULL,
    order_key bytea NOT NULL,
    CONSTRAINT parked_keys_order_key_check CHECK ((octet_length(order_key) = 16))
);


--
-- Name: participants; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.participants (
    number bigint NOT NULL,
    id bytea NOT NULL,
    chat bytea NOT NULL,
    user_id bytea NOT NULL,
    role text NOT NULL,
    state text NOT NULL,
    "position" bigint NOT NULL,
    joined_at timestamp without time zone NOT NULL,
    joined_seq bigint NOT NULL,
    left_at timestamp without time zone,
    left_seq bigint,
    dropped_at timestamp without time zone,
    status text DEFAULT 'active'::text NOT NULL,
    closed_seq bigint,
    CONSTRAINT participants_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT participants_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT participants_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
    CONSTRAINT participants_state_check CHECK ((state = ANY (ARRAY['open'::text, 'folded'::text, 'closed'::text]))),
    CONSTRAINT participants_status_check CHECK ((status = ANY (ARRAY['active'::text, 'favorite'::text, 'archive'::text]))),
    CONSTRAINT participants_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: participants_number_seq; Type: SEQUENCE; Schema: chats; Owner: -
--

CREATE SEQUENCE chats.participants_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: participants_number_seq; Type: SEQUENCE OWNED BY; Schema: chats; Owner: -
--

ALTER SEQUENCE chats.participants_number_seq OWNED BY chats.participants.number;


--
-- Name: tenant_heads; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.tenant_heads (
    tenant bytea NOT NULL,
    last_created_at timestamp without time zone NOT NULL,
    CONSTRAINT tenant_heads_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: user_heads; Type: TABLE; Schema: chats; Owner: -
--

CREATE TABLE chats.user_heads (
    user_id bytea NOT NULL,
    tenant bytea NOT NULL,
    last_joined_at timestamp without time zone NOT NULL,
    CONSTRAINT user_heads_tenant_check CHECK ((octet_length(tenant) = 16)),
    CONSTRAINT user_heads_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: __diesel_schema_migrations; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: erasures; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.erasures (
    tenant bytea NOT NULL,
    asked_at timestamp without time zone NOT NULL,
    CONSTRAINT erasures_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: heads; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.heads (
    chat bytea NOT NULL,
    tenant bytea NOT NULL,
    last_seq bigint NOT NULL,
    last_at timestamp without time zone,
    CONSTRAINT heads_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT heads_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (fillfactor='50');


--
-- Name: hidden_copies; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.hidden_copies (
    stay bytea NOT NULL,
    number bigint NOT NULL,
    hidden_at timestamp without time zone NOT NULL,
    CONSTRAINT hidden_copies_stay_check CHECK ((octet_length(stay) = 16))
);


--
-- Name: idempotency; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.idempotency (
    key bytea NOT NULL,
    body_hash bytea NOT NULL,
    answer text,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT idempotency_body_hash_check CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT idempotency_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: inbox; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.inbox (
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    seen_at timestamp without time zone NOT NULL,
    CONSTRAINT inbox_event_id_check CHECK ((octet_length(event_id) = 16))
);


--
-- Name: instances; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.instances (
    scope text NOT NULL,
    instance bytea NOT NULL,
    expires_us bigint NOT NULL,
    CONSTRAINT instances_instance_check CHECK ((octet_length(instance) = 16))
);


--
-- Name: leases; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.leases (
    scope text NOT NULL,
    partition bigint NOT NULL,
    holder bytea,
    expires_us bigint NOT NULL,
    CONSTRAINT leases_holder_check CHECK ((octet_length(holder) = 16)),
    CONSTRAINT leases_partition_check CHECK (((partition >= 0) AND (partition <= 15)))
);


--
-- Name: message_numbers; Type: SEQUENCE; Schema: messages; Owner: -
--

CREATE SEQUENCE messages.message_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: messages; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.messages (
    chat_id bytea NOT NULL,
    seq bigint NOT NULL,
    id bytea NOT NULL,
    number bigint NOT NULL,
    tenant bytea NOT NULL,
    author bytea,
    origin text NOT NULL,
    kind text NOT NULL,
    text text,
    media text,
    extras text,
    membership_version bigint NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    edited_at timestamp without time zone,
    deleted_at timestamp without time zone,
    CONSTRAINT messages_author_check CHECK ((octet_length(author) = 16)),
    CONSTRAINT messages_chat_id_check CHECK ((octet_length(chat_id) = 16)),
    CONSTRAINT messages_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT messages_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'media'::text, 'system'::text]))),
    CONSTRAINT messages_origin_check CHECK ((origin = ANY (ARRAY['imbee'::text, 'zenvia'::text, 'voipbin'::text, 'connectnow'::text, 'odoo'::text, 'operator'::text, 'native'::text]))),
    CONSTRAINT messages_seq_check CHECK ((seq > 0)),
    CONSTRAINT messages_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: outbox; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.outbox (
    id bigint NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    published_at timestamp without time zone,
    CONSTRAINT outbox_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT outbox_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT outbox_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT outbox_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000');


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: messages; Owner: -
--

CREATE SEQUENCE messages.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: outbox_id_seq; Type: SEQUENCE OWNED BY; Schema: messages; Owner: -
--

ALTER SEQUENCE messages.outbox_id_seq OWNED BY messages.outbox.id;


--
-- Name: parked; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.parked (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    reason text NOT NULL,
    parked_at timestamp without time zone NOT NULL,
    CONSTRAINT parked_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT parked_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT parked_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT parked_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: parked_id_seq; Type: SEQUENCE; Schema: messages; Owner: -
--

CREATE SEQUENCE messages.parked_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: parked_id_seq; Type: SEQUENCE OWNED BY; Schema: messages; Owner: -
--

ALTER SEQUENCE messages.parked_id_seq OWNED BY messages.parked.id;


--
-- Name: parked_keys; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.parked_keys (
    consumer text NOT NULL,
    order_key bytea NOT NULL,
    CONSTRAINT parked_keys_order_key_check CHECK ((octet_length(order_key) = 16))
);


--
-- Name: post_keys; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.post_keys (
    key bytea NOT NULL,
    body bytea NOT NULL,
    chat_id bytea NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT post_keys_body_check CHECK ((octet_length(body) = 32)),
    CONSTRAINT post_keys_chat_id_check CHECK ((octet_length(chat_id) = 16)),
    CONSTRAINT post_keys_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: reads; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.reads (
    chat_id bytea NOT NULL,
    user_id bytea NOT NULL,
    seq bigint NOT NULL,
    at timestamp without time zone NOT NULL,
    CONSTRAINT reads_chat_id_check CHECK ((octet_length(chat_id) = 16)),
    CONSTRAINT reads_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: tenant_days; Type: TABLE; Schema: messages; Owner: -
--

CREATE TABLE messages.tenant_days (
    tenant bytea NOT NULL,
    day bigint NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT tenant_days_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (fillfactor='50');


--
-- Name: __diesel_schema_migrations; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: chat_copies; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.chat_copies (
    chat bytea NOT NULL,
    tenant bytea NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT chat_copies_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT chat_copies_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: erasures; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.erasures (
    tenant bytea NOT NULL,
    due_at timestamp without time zone NOT NULL,
    swept boolean NOT NULL,
    CONSTRAINT erasures_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: feed; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.feed (
    tenant bytea NOT NULL,
    place bigint NOT NULL,
    at timestamp without time zone NOT NULL,
    chat bytea,
    audience bytea NOT NULL,
    passing_until timestamp without time zone,
    what text NOT NULL,
    CONSTRAINT feed_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT feed_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: idempotency; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.idempotency (
    key bytea NOT NULL,
    body_hash bytea NOT NULL,
    answer text,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT idempotency_body_hash_check CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT idempotency_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: inbox; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.inbox (
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    seen_at timestamp without time zone NOT NULL,
    CONSTRAINT inbox_event_id_check CHECK ((octet_length(event_id) = 16))
);


--
-- Name: instances; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.instances (
    scope text NOT NULL,
    instance bytea NOT NULL,
    expires_us bigint NOT NULL,
    CONSTRAINT instances_instance_check CHECK ((octet_length(instance) = 16))
);


--
-- Name: leases; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.leases (
    scope text NOT NULL,
    partition bigint NOT NULL,
    holder bytea,
    expires_us bigint NOT NULL,
    CONSTRAINT leases_holder_check CHECK ((octet_length(holder) = 16)),
    CONSTRAINT leases_partition_check CHECK (((partition >= 0) AND (partition <= 15)))
);


--
-- Name: members; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.members (
    stay bytea NOT NULL,
    chat bytea NOT NULL,
    user_id bytea NOT NULL,
    joined_seq bigint NOT NULL,
    left_seq bigint,
    CONSTRAINT members_chat_check CHECK ((octet_length(chat) = 16)),
    CONSTRAINT members_stay_check CHECK ((octet_length(stay) = 16)),
    CONSTRAINT members_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: outbox; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.outbox (
    id bigint NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    published_at timestamp without time zone,
    CONSTRAINT outbox_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT outbox_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT outbox_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT outbox_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000');


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: realtime; Owner: -
--

CREATE SEQUENCE realtime.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: outbox_id_seq; Type: SEQUENCE OWNED BY; Schema: realtime; Owner: -
--

ALTER SEQUENCE realtime.outbox_id_seq OWNED BY realtime.outbox.id;


--
-- Name: parked; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.parked (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    reason text NOT NULL,
    parked_at timestamp without time zone NOT NULL,
    CONSTRAINT parked_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT parked_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT parked_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT parked_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: parked_id_seq; Type: SEQUENCE; Schema: realtime; Owner: -
--

CREATE SEQUENCE realtime.parked_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: parked_id_seq; Type: SEQUENCE OWNED BY; Schema: realtime; Owner: -
--

ALTER SEQUENCE realtime.parked_id_seq OWNED BY realtime.parked.id;


--
-- Name: parked_keys; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.parked_keys (
    consumer text NOT NULL,
    order_key bytea NOT NULL,
    CONSTRAINT parked_keys_order_key_check CHECK ((octet_length(order_key) = 16))
);


--
-- Name: presence; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.presence (
    user_id bytea NOT NULL,
    tenant bytea NOT NULL,
    stands text NOT NULL,
    seen_at timestamp without time zone NOT NULL,
    active_at timestamp without time zone NOT NULL,
    CONSTRAINT presence_stands_check CHECK ((stands = ANY (ARRAY['online'::text, 'away'::text, 'offline'::text]))),
    CONSTRAINT presence_tenant_check CHECK ((octet_length(tenant) = 16)),
    CONSTRAINT presence_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: tenant_heads; Type: TABLE; Schema: realtime; Owner: -
--

CREATE TABLE realtime.tenant_heads (
    tenant bytea NOT NULL,
    head bigint NOT NULL,
    kept_after bigint NOT NULL,
    CONSTRAINT tenant_heads_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: __diesel_schema_migrations; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: book_entries; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.book_entries (
    number bigint NOT NULL,
    owner bytea NOT NULL,
    contact bytea NOT NULL,
    added_at timestamp without time zone NOT NULL,
    CONSTRAINT book_entries_contact_check CHECK ((octet_length(contact) = 16)),
    CONSTRAINT book_entries_owner_check CHECK ((octet_length(owner) = 16))
);


--
-- Name: book_entries_number_seq; Type: SEQUENCE; Schema: users; Owner: -
--

CREATE SEQUENCE users.book_entries_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: book_entries_number_seq; Type: SEQUENCE OWNED BY; Schema: users; Owner: -
--

ALTER SEQUENCE users.book_entries_number_seq OWNED BY users.book_entries.number;


--
-- Name: companies; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.companies (
    number bigint NOT NULL,
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    logo_url text,
    creator bytea,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    deleted_at timestamp without time zone,
    CONSTRAINT companies_creator_check CHECK ((octet_length(creator) = 16)),
    CONSTRAINT companies_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT companies_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: companies_number_seq; Type: SEQUENCE; Schema: users; Owner: -
--

CREATE SEQUENCE users.companies_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: companies_number_seq; Type: SEQUENCE OWNED BY; Schema: users; Owner: -
--

ALTER SEQUENCE users.companies_number_seq OWNED BY users.companies.number;


--
-- Name: erasures; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.erasures (
    tenant bytea NOT NULL,
    due_at timestamp without time zone NOT NULL,
    swept boolean NOT NULL,
    CONSTRAINT erasures_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: external_ids; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.external_ids (
    tenant bytea NOT NULL,
    surface text NOT NULL,
    external_key bytea NOT NULL,
    user_id bytea NOT NULL,
    CONSTRAINT external_ids_external_key_check CHECK ((octet_length(external_key) = 32)),
    CONSTRAINT external_ids_tenant_check CHECK ((octet_length(tenant) = 16)),
    CONSTRAINT external_ids_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: group_members; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.group_members (
    group_id bytea NOT NULL,
    user_id bytea NOT NULL,
    CONSTRAINT group_members_group_id_check CHECK ((octet_length(group_id) = 16)),
    CONSTRAINT group_members_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: idempotency; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.idempotency (
    key bytea NOT NULL,
    body_hash bytea NOT NULL,
    answer text,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT idempotency_body_hash_check CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT idempotency_key_check CHECK ((octet_length(key) = 32))
);


--
-- Name: inbox; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.inbox (
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    seen_at timestamp without time zone NOT NULL,
    CONSTRAINT inbox_event_id_check CHECK ((octet_length(event_id) = 16))
);


--
-- Name: instances; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.instances (
    scope text NOT NULL,
    instance bytea NOT NULL,
    expires_us bigint NOT NULL,
    CONSTRAINT instances_instance_check CHECK ((octet_length(instance) = 16))
);


--
-- Name: leases; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.leases (
    scope text NOT NULL,
    partition bigint NOT NULL,
    holder bytea,
    expires_us bigint NOT NULL,
    CONSTRAINT leases_holder_check CHECK ((octet_length(holder) = 16)),
    CONSTRAINT leases_partition_check CHECK (((partition >= 0) AND (partition <= 15)))
);


--
-- Name: outbox; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.outbox (
    id bigint NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    published_at timestamp without time zone,
    CONSTRAINT outbox_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT outbox_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT outbox_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT outbox_tenant_check CHECK ((octet_length(tenant) = 16))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000');


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: users; Owner: -
--

CREATE SEQUENCE users.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: outbox_id_seq; Type: SEQUENCE OWNED BY; Schema: users; Owner: -
--

ALTER SEQUENCE users.outbox_id_seq OWNED BY users.outbox.id;


--
-- Name: parked; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.parked (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id bytea NOT NULL,
    event_type text NOT NULL,
    version bigint NOT NULL,
    partition bigint NOT NULL,
    order_key bytea NOT NULL,
    tenant bytea NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamp without time zone NOT NULL,
    reason text NOT NULL,
    parked_at timestamp without time zone NOT NULL,
    CONSTRAINT parked_event_id_check CHECK ((octet_length(event_id) = 16)),
    CONSTRAINT parked_order_key_check CHECK ((octet_length(order_key) = 16)),
    CONSTRAINT parked_partition_check CHECK (((partition >= 0) AND (partition <= 15))),
    CONSTRAINT parked_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: parked_id_seq; Type: SEQUENCE; Schema: users; Owner: -
--

CREATE SEQUENCE users.parked_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: parked_id_seq; Type: SEQUENCE OWNED BY; Schema: users; Owner: -
--

ALTER SEQUENCE users.parked_id_seq OWNED BY users.parked.id;


--
-- Name: parked_keys; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.parked_keys (
    consumer text NOT NULL,
    order_key bytea NOT NULL,
    CONSTRAINT parked_keys_order_key_check CHECK ((octet_length(order_key) = 16))
);


--
-- Name: partners; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.partners (
    number bigint NOT NULL,
    user_id bytea NOT NULL,
    CONSTRAINT partners_user_id_check CHECK ((octet_length(user_id) = 16))
);


--
-- Name: partners_number_seq; Type: SEQUENCE; Schema: users; Owner: -
--

CREATE SEQUENCE users.partners_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: partners_number_seq; Type: SEQUENCE OWNED BY; Schema: users; Owner: -
--

ALTER SEQUENCE users.partners_number_seq OWNED BY users.partners.number;


--
-- Name: tenant_heads; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.tenant_heads (
    tenant bytea NOT NULL,
    last_created_at timestamp without time zone NOT NULL,
    CONSTRAINT tenant_heads_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: user_groups; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.user_groups (
    number bigint NOT NULL,
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    name text NOT NULL,
    created_at timestamp without time zone NOT NULL,
    CONSTRAINT user_groups_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT user_groups_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: user_groups_number_seq; Type: SEQUENCE; Schema: users; Owner: -
--

CREATE SEQUENCE users.user_groups_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: user_groups_number_seq; Type: SEQUENCE OWNED BY; Schema: users; Owner: -
--

ALTER SEQUENCE users.user_groups_number_seq OWNED BY users.user_groups.number;


--
-- Name: users; Type: TABLE; Schema: users; Owner: -
--

CREATE TABLE users.users (
    number bigint NOT NULL,
    id bytea NOT NULL,
    tenant bytea NOT NULL,
    partner bigint NOT NULL,
    idsha text NOT NULL,
    name text NOT NULL,
    surname text,
    email text,
    email_key text,
    search_key text NOT NULL,
    phone text,
    role text NOT NULL,
    detail text NOT NULL,
    extras text NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    deleted_at timestamp without time zone,
    CONSTRAINT users_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT users_idsha_check CHECK ((length(idsha) = 40)),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['agent'::text, 'manager'::text, 'admin'::text, 'customer'::text, 'bot'::text]))),
    CONSTRAINT users_tenant_check CHECK ((octet_length(tenant) = 16))
);


--
-- Name: users_number_seq; Type: SEQUENCE; Schema: users; Owner: -
--

CREATE SEQUENCE users.users_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: users_number_seq; Type: SEQUENCE OWNED BY; Schema: users; Owner: -
--

ALTER SEQUENCE users.users_number_seq OWNED BY users.users.number;


--
-- Name: outbox id; Type: DEFAULT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.outbox ALTER COLUMN id SET DEFAULT nextval('auth.outbox_id_seq'::regclass);


--
-- Name: parked id; Type: DEFAULT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.parked ALTER COLUMN id SET DEFAULT nextval('auth.parked_id_seq'::regclass);


--
-- Name: departments number; Type: DEFAULT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.departments ALTER COLUMN number SET DEFAULT nextval('bots.departments_number_seq'::regclass);


--
-- Name: outbox id; Type: DEFAULT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.outbox ALTER COLUMN id SET DEFAULT nextval('bots.outbox_id_seq'::regclass);


--
-- Name: parked id; Type: DEFAULT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.parked ALTER COLUMN id SET DEFAULT nextval('bots.parked_id_seq'::regclass);


--
-- Name: chats number; Type: DEFAULT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.chats ALTER COLUMN number SET DEFAULT nextval('chats.chats_number_seq'::regclass);


--
-- Name: documents number; Type: DEFAULT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.documents ALTER COLUMN number SET DEFAULT nextval('chats.documents_number_seq'::regclass);


--
-- Name: outbox id; Type: DEFAULT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.outbox ALTER COLUMN id SET DEFAULT nextval('chats.outbox_id_seq'::regclass);


--
-- Name: parked id; Type: DEFAULT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.parked ALTER COLUMN id SET DEFAULT nextval('chats.parked_id_seq'::regclass);


--
-- Name: participants number; Type: DEFAULT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.participants ALTER COLUMN number SET DEFAULT nextval('chats.participants_number_seq'::regclass);


--
-- Name: outbox id; Type: DEFAULT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.outbox ALTER COLUMN id SET DEFAULT nextval('messages.outbox_id_seq'::regclass);


--
-- Name: parked id; Type: DEFAULT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.parked ALTER COLUMN id SET DEFAULT nextval('messages.parked_id_seq'::regclass);


--
-- Name: outbox id; Type: DEFAULT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.outbox ALTER COLUMN id SET DEFAULT nextval('realtime.outbox_id_seq'::regclass);


--
-- Name: parked id; Type: DEFAULT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.parked ALTER COLUMN id SET DEFAULT nextval('realtime.parked_id_seq'::regclass);


--
-- Name: book_entries number; Type: DEFAULT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.book_entries ALTER COLUMN number SET DEFAULT nextval('users.book_entries_number_seq'::regclass);


--
-- Name: companies number; Type: DEFAULT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.companies ALTER COLUMN number SET DEFAULT nextval('users.companies_number_seq'::regclass);


--
-- Name: outbox id; Type: DEFAULT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.outbox ALTER COLUMN id SET DEFAULT nextval('users.outbox_id_seq'::regclass);


--
-- Name: parked id; Type: DEFAULT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.parked ALTER COLUMN id SET DEFAULT nextval('users.parked_id_seq'::regclass);


--
-- Name: partners number; Type: DEFAULT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.partners ALTER COLUMN number SET DEFAULT nextval('users.partners_number_seq'::regclass);


--
-- Name: user_groups number; Type: DEFAULT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.user_groups ALTER COLUMN number SET DEFAULT nextval('users.user_groups_number_seq'::regclass);


--
-- Name: users number; Type: DEFAULT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users ALTER COLUMN number SET DEFAULT nextval('users.users_number_seq'::regclass);


--
-- Data for Name: __diesel_schema_migrations; Type: TABLE DATA; Schema: auth; Owner: -
--

INSERT INTO auth.__diesel_schema_migrations VALUES
	('store/0001', '2026-11-30 10:25:47.683491'),
	('bus/0001', '2026-11-30 10:25:47.689728'),
	('auth/0001', '2026-11-30 10:25:47.710699'),
	('auth/0002', '2026-11-30 10:25:47.746465');


--
-- Data for Name: chat_passwords; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: codes; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: erasures; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: instances; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: invitations; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: jwt_keys; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: leases; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: login_failures; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: logins; Type: TABLE DATA; Schema: auth; Owner: -
--

INSERT INTO auth.logins VALUES
	('\x10797d800e705abbb588a7899acc287e', '\x7c97e29379e55680b0c1fd4301ac31b8', 'admin@demo', 'admin@demo', '$argon2id$v=19$m=64,t=2,p=1$rcGOfDW3KH6kLcBEu2EVhA$7bRZCpcSq74PuOi6ZJM5r8XfRyj6IMIgVv6jauKb4Gw', 1, '2026-11-30 10:25:48.355773', '2026-11-30 10:25:48.355773'),
	('\x2a45ba4859ea5fd195d2d43012b49bf9', '\x01a22bfd45a87351a8ff783286f03ff2', 'admin@e2e-d8f399541ec64042', 'admin@e2e-d8f399541ec64042', '$argon2id$v=19$m=64,t=2,p=1$KbKZ61OtFRp9FCw6ETym6Q$uRPX2pe5lKHYI3ET/Gb60VrmfgSptym6BRAO1CCi2GE', 1, '2026-11-30 10:25:48.478941', '2026-11-30 10:25:48.478941'),
	('\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd45a87351a8ff783286f03ff2', 'ann-a10117c29e7a7888', 'ann-a10117c29e7a7888', '$argon2id$v=19$m=64,t=2,p=1$VJ+kl/fYXJSL9Q4NZnq2YQ$xTHXwB/wwgutaphO8j46q3SQpSnTcTuOVUH1y3ac2pA', 1, '2026-11-30 10:25:48.584475', '2026-11-30 10:25:48.584475'),
	('\x01a22bfd46357077b218e762513ec002', '\x01a22bfd45a87351a8ff783286f03ff2', 'bea-57e7da1480e3e5cb', 'bea-57e7da1480e3e5cb', '$argon2id$v=19$m=64,t=2,p=1$iSwspWEpybLNBmitvgmg2Q$9bv3p0tC88b7k4Vg2iv7QztnW0SOHW7fGigFHUb/Fec', 1, '2026-11-30 10:25:48.605747', '2026-11-30 10:25:48.605747');


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: outgoing; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: parked; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: parked_keys; Type: TABLE DATA; Schema: auth; Owner: -
--



--
-- Data for Name: standing_tokens; Type: TABLE DATA; Schema: auth; Owner: -
--

INSERT INTO auth.standing_tokens VALUES
	('\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd4650724dbb935fbc8cefaf15', 'imbee_user', '\x01a22bfd465b73088dd1b5c519f77a9e', 1);


--
-- Data for Name: tenants; Type: TABLE DATA; Schema: auth; Owner: -
--

INSERT INTO auth.tenants VALUES
	('\x7c97e29379e55680b0c1fd4301ac31b8', 'demo', 'demo', '\x10797d800e705abbb588a7899acc287e', '\x15f405b8d2bc582ca47fbb7d54835b8f', '1', 1796034348355778, '2026-11-30 10:25:48.355773', NULL),
	('\x01a22bfd45a87351a8ff783286f03ff2', 'e2e-d8f399541ec64042', 'e2e-d8f399541ec64042', '\x2a45ba4859ea5fd195d2d43012b49bf9', '\x6fc436d5b2375baf8f3f14c0e929399b', '1', 1796034350957718, '2026-11-30 10:25:48.478941', NULL);


--
-- Data for Name: tokens; Type: TABLE DATA; Schema: auth; Owner: -
--

INSERT INTO auth.tokens VALUES
	('\xb6a2da3867505d608970e8fc18bc33f5', '\x7c97e29379e55680b0c1fd4301ac31b8', 'operator', NULL, 'default', '', '\x509599f869416a18bab7a17542bdcbfb0a165b8ffcef53882a80d3adda2a1b6c', 'op_0882e59', '1', 1, true, true, NULL, '2026-11-30 10:25:48.355773', '2026-11-30 10:25:48.355773', NULL, NULL, NULL, NULL),
	('\xcd368564cbad55038a8145e8fb0bb28a', '\x7c97e29379e55680b0c1fd4301ac31b8', 'imbee_authorization', NULL, 'default', '', '\x9bd0a1fcc8664c8a752c9b8289e3ec2cc6fe513895074f4dc9f3fc70944235ce', 'YzI1NGU4Yz', '1', 1, true, true, NULL, '2026-11-30 10:25:48.355774', '2026-11-30 10:25:48.355774', NULL, NULL, NULL, NULL),
	('\xe6cbbfd5a0275bc1996222e5ea7ab076', '\x7c97e29379e55680b0c1fd4301ac31b8', 'imbee_corporate', NULL, 'default', '', '\x82911db1ebadd464655ea5e66e5858ceafa20b85a5f4b9080604c08eb65fb39d', 'f1aa3da791', '1', 1, true, true, NULL, '2026-11-30 10:25:48.355775', '2026-11-30 10:25:48.355775', NULL, NULL, NULL, NULL),
	('\x6ec54f977049528fa0a595cb8533189b', '\x7c97e29379e55680b0c1fd4301ac31b8', 'voipbin_access_key', '\x10797d800e705abbb588a7899acc287e', 'default', '', '\xdab302bcaa5ce1900d271cde4061a91f32c5925c93f9ae8915dd1c2127ee4e1c', 'vk_7cf9210', '1', 1, true, true, NULL, '2026-11-30 10:25:48.355776', '2026-11-30 10:25:48.355776', NULL, NULL, NULL, NULL),
	('\x791bd92564625654b887cf817d832c98', '\x7c97e29379e55680b0c1fd4301ac31b8', 'connectnow', '\x10797d800e705abbb588a7899acc287e', 'default', '', '\x276a10d3c56e71b24dedbbfad51580f15e2d10ac1684e49605701bf43b90807c', 'cn_21a3a1a', '1', 1, true, true, NULL, '2026-11-30 10:25:48.355777', '2026-11-30 10:25:48.355777', NULL, NULL, NULL, NULL),
	('\x45cc071be89459cd8d6d06a1709b2167', '\x7c97e29379e55680b0c1fd4301ac31b8', 'zenvia', NULL, 'default', '', '\xb9df83a5952e72ab924a271b8ecc4a819673a65f562691afddfbe9a83533cbe4', 'zt_428dcba', '1', 1, true, true, NULL, '2026-11-30 10:25:48.355778', '2026-11-30 10:25:48.355778', NULL, NULL, NULL, NULL),
	('\x314f7cef62ad5f028601e3c901bd47d2', '\x01a22bfd45a87351a8ff783286f03ff2', 'operator', NULL, 'default', '', '\x9add09ff4c0f654ceff86a11687acf9c8b9176aef0bb8e24a31f58900fd6e54f', 'op_285e17c', '1', 1, true, true, NULL, '2026-11-30 10:25:48.478941', '2026-11-30 10:25:48.478941', NULL, '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x204f3009742c50ed832f831dfd07cf5e', '\x01a22bfd45a87351a8ff783286f03ff2', 'imbee_authorization', NULL, 'default', '', '\xb7b16c11d2b82a6b1b4e2ff0ec70e7bb4a7d816754aebdda9456b57de1cb1a19', 'ODg3YWEyZj', '1', 1, true, true, NULL, '2026-11-30 10:25:48.478942', '2026-11-30 10:25:48.478942', NULL, '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x89f9b35de7295a2e99b46a1cad23b246', '\x01a22bfd45a87351a8ff783286f03ff2', 'imbee_corporate', NULL, 'default', '', '\x85090c4ba8383fac8dc75344b22b4a11e2b19e10d76be4eb1df06e357448672d', 'e26fbc4253', '1', 1, true, true, NULL, '2026-11-30 10:25:48.478943', '2026-11-30 10:25:48.478943', NULL, '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x7ec1c2999756508e85d199b967fe414d', '\x01a22bfd45a87351a8ff783286f03ff2', 'voipbin_access_key', '\x2a45ba4859ea5fd195d2d43012b49bf9', 'default', '', '\x5098e7a3e7fa4e0ceaca56042da1260d1d165894cf5f8dd3119e98d63b6853e0', 'vk_6c326fd', '1', 1, true, true, NULL, '2026-11-30 10:25:48.478944', '2026-11-30 10:25:48.478944', NULL, '2026-11-30 10:25:50.989513', NULL, NULL),
	('\xa73920c4c93550d0b1c48d51f0e54060', '\x01a22bfd45a87351a8ff783286f03ff2', 'connectnow', '\x2a45ba4859ea5fd195d2d43012b49bf9', 'default', '', '\xeddf3fdc18e99a27955dc8dbeb44b7fdbb55566b5596499aa2fc491a6d7fb296', 'cn_7c47d14', '1', 1, true, true, NULL, '2026-11-30 10:25:48.478945', '2026-11-30 10:25:48.478945', NULL, '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x0fadfe8ea77858ff9588ea90a4e2cd3e', '\x01a22bfd45a87351a8ff783286f03ff2', 'zenvia', NULL, 'default', '', '\xc8e890ba9339411029790ffd2299ef2bf45a6e4ddcce7e8ae400a0071c43b319', 'zt_3b358f7', '1', 1, true, true, NULL, '2026-11-30 10:25:48.478946', '2026-11-30 10:25:48.478946', NULL, '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x01a22bfd465b73088dd1b5c519f77a9e', '\x01a22bfd45a87351a8ff783286f03ff2', 'imbee_user', '\x01a22bfd4650724dbb935fbc8cefaf15', '', '', '\x15a5d777299d00df48003ddc413448557f59103d40cbb85058496191e8cab3a5', '9026d7349d', '1', 1, true, true, NULL, '2026-11-30 10:25:48.632961', '2026-11-30 10:25:48.632961', NULL, '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x01a22bfd473a73e9ba31f05f76c3e02d', '\x01a22bfd45a87351a8ff783286f03ff2', 'chat_user', '\x01a22bfd471174758a9788aa5e0e88b4', '', '', '\x8f2671a0ba897901876f1e2d581d6312c801c1430499012ebf87c9b11b1eab78', 'cu_c54a864', '1', 1, true, true, NULL, '2026-11-30 10:25:48.855706', '2026-11-30 10:25:48.855706', NULL, '2026-11-30 10:25:50.989513', NULL, '\x01a22bfd47007232b70779f5d22449d1'),
	('\x01a22bfd477c7145a09e15ea7c53f532', '\x01a22bfd45a87351a8ff783286f03ff2', 'chat_user', '\x01a22bfd475971109371e3de992479c2', '', '', '\xd8414a40632fd1e29da3218f5366e1522f4729ec1d78d28f7af51994dcdcac72', 'cu_a5d42ed', '1', 1, true, true, NULL, '2026-11-30 10:25:48.92411', '2026-11-30 10:25:48.92411', NULL, '2026-11-30 10:25:50.989513', NULL, '\x01a22bfd47007232b70779f5d22449d1'),
	('\x01a22bfd47db7307874fc61182ebedb3', '\x01a22bfd45a87351a8ff783286f03ff2', 'odoo_session', '\x01a22bfd461c71dd924c8dc65108eb95', 'ann-a10117c29e7a7888', '', '\xf0be4602eecdc10c3270ea979bbb89c2ad2db592b1a7adc12133d694fe45a84d', '76bc8b775c', '1', 1, true, true, NULL, '2026-11-30 10:25:49.01998', '2026-11-30 10:25:49.01998', '2026-12-07 10:25:49.01998', '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x01a22bfd47ec774992448e18971930ae', '\x01a22bfd45a87351a8ff783286f03ff2', 'odoo_session', '\x01a22bfd46357077b218e762513ec002', 'bea-57e7da1480e3e5cb', '', '\xb5d829f09a9e8c1778e883e6dcf2bacad37e7c877d75dba1201ccdd1eae41c03', '4ae1318b6f', '1', 1, true, true, NULL, '2026-11-30 10:25:49.036091', '2026-11-30 10:25:49.036091', '2026-12-07 10:25:49.036091', '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x01a22bfd49997540852b887a30a9c03b', '\x01a22bfd45a87351a8ff783286f03ff2', 'odoo_session', '\x01a22bfd461c71dd924c8dc65108eb95', 'ann-a10117c29e7a7888', '', '\xbcf662e853aeb8ce52a681b3f968fa65348904b19f63a71cafe629acb1497a07', '247ad85473', '1', 1, true, true, NULL, '2026-11-30 10:25:49.465092', '2026-11-30 10:25:49.465092', '2026-12-07 10:25:49.465092', '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x01a22bfd4c3271ee8c8e62094e76bc29', '\x01a22bfd45a87351a8ff783286f03ff2', 'odoo_session', '\x01a22bfd461c71dd924c8dc65108eb95', 'ann-a10117c29e7a7888', '', '\x20d2b772074cc781503342623b04938c0802c5c2fd6cffdd00261d8e6c4629bf', '9b8616f4c4', '1', 1, true, true, NULL, '2026-11-30 10:25:50.130239', '2026-11-30 10:25:50.130239', '2026-12-07 10:25:50.130239', '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x01a22bfd4ce670b6ab4e637935da22cf', '\x01a22bfd45a87351a8ff783286f03ff2', 'odoo_session', '\x01a22bfd461c71dd924c8dc65108eb95', 'ann-a10117c29e7a7888', '', '\x4d93bd73c63efced1b8260f0a19c8e04ec013662ad214d1e23dc1428bbdae18f', '94c78eef56', '1', 1, true, true, NULL, '2026-11-30 10:25:50.31024', '2026-11-30 10:25:50.31024', '2026-12-07 10:25:50.31024', '2026-11-30 10:25:50.989513', NULL, NULL),
	('\x01a22bfd4f6d70f0bb53f0233c3042dd', '\x01a22bfd45a87351a8ff783286f03ff2', 'odoo_session', '\x01a22bfd461c71dd924c8dc65108eb95', 'ann-a10117c29e7a7888', '', '\xda60b7bf36496a27612d2a24425230bdd912c16d3dc25c317532a1d669bebea4', '336c5f5367', '1', 1, true, true, NULL, '2026-11-30 10:25:50.957718', '2026-11-30 10:25:50.957718', '2026-12-07 10:25:50.957718', '2026-11-30 10:25:50.989513', NULL, NULL);


--
-- Data for Name: __diesel_schema_migrations; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.__diesel_schema_migrations VALUES
	('store/0001', '2026-11-30 10:25:48.024349'),
	('bus/0001', '2026-11-30 10:25:48.029293'),
	('bots/0001', '2026-11-30 10:25:48.044817'),
	('bots/0002', '2026-11-30 10:25:48.066543'),
	('bots/0003', '2026-11-30 10:25:48.085441');


--
-- Data for Name: attempts; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: deliveries; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: department_agents; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.department_agents VALUES
	('\x01a22bfd4852719b88fa52ed4917f0b0', '\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd45a87351a8ff783286f03ff2', 5);


--
-- Data for Name: departments; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.departments VALUES
	(1, '\x606bd264909456d6b07a61782c094e95', '\x7c97e29379e55680b0c1fd4301ac31b8', 'Default', true, NULL, NULL, false, 0, NULL, '2026-11-30 10:25:48.384049', '2026-11-30 10:25:48.384049'),
	(2, '\x4d207565295558348196c74f3aae3124', '\x01a22bfd45a87351a8ff783286f03ff2', 'Default', true, NULL, NULL, false, 0, NULL, '2026-11-30 10:25:48.509233', '2026-11-30 10:25:48.509233'),
	(3, '\x01a22bfd4852719b88fa52ed4917f0b0', '\x01a22bfd45a87351a8ff783286f03ff2', 'Sales', true, NULL, NULL, false, 0, NULL, '2026-11-30 10:25:49.142391', '2026-11-30 10:25:49.142391');


--
-- Data for Name: endpoint_changes; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.endpoint_changes VALUES
	(1, 1);


--
-- Data for Name: endpoint_secrets; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.endpoint_secrets VALUES
	('\x01a22bfd48eb77f79f1fd5822e3269f9', 1, '1', '\x6ee3deb57d7e0bdea956f65c41810d6a6b5a1f52795593ac887ad44b53386760c8d29e036b001416a969a8f3f1150323690b403aee5a8d1f8dbb4259', '2026-11-30 10:25:49.283551', NULL);


--
-- Data for Name: endpoints; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.endpoints VALUES
	('\x01a22bfd48eb77f79f1fd5822e3269f9', '\x01a22bfd45a87351a8ff783286f03ff2', 'webhook', 'https://hooks.example/parlance', 'native', '["webhook.disabled"]', 'pass', 1, NULL, NULL, NULL, NULL, '2026-11-30 10:25:49.283551', '2026-11-30 10:25:49.283551');


--
-- Data for Name: erasures; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.inbox VALUES
	('bots', '\x01a22bfd46797789b5368839737d2d97', '2026-11-30 10:25:48.680478'),
	('bots', '\x01a22bfd46a5773993478c065f959994', '2026-11-30 10:25:48.717014'),
	('bots', '\x01a22bfd46ca760db160930d3a3fff99', '2026-11-30 10:25:48.757733'),
	('bots', '\x01a22bfd46ec774fa460d3b9c4fb7265', '2026-11-30 10:25:48.786154'),
	('bots', '\x01a22bfd470475679685f2d11f883fd6', '2026-11-30 10:25:48.813435'),
	('bots', '\x01a22bfd472a71a592c71a5f6c409479', '2026-11-30 10:25:48.851827'),
	('bots', '\x01a22bfd476d72d587bb7b46f099a16d', '2026-11-30 10:25:48.918231'),
	('bots', '\x01a22bfd479371f8b7446af7ba4cf171', '2026-11-30 10:25:48.952941'),
	('bots', '\x01a22bfd47ad73ddb8b19b649c5ab146', '2026-11-30 10:25:48.984174'),
	('bots', '\x01a22bfd47cf76ccb2abc88d08bbc7b2', '2026-11-30 10:25:49.011949'),
	('bots', '\x01a22bfd480275ab8aa1a23e9fda7f60', '2026-11-30 10:25:49.064101'),
	('bots', '\x01a22bfd482476699b4ebb7d002e16c5', '2026-11-30 10:25:49.096695'),
	('bots', '\x01a22bfd4840705bbbda23ba16676be4', '2026-11-30 10:25:49.129284'),
	('bots', '\x01a22bfd487975ca9b7c9d781231257b', '2026-11-30 10:25:49.184239'),
	('bots', '\x01a22bfd48897736830ef1b5f286bb5f', '2026-11-30 10:25:49.202571'),
	('bots', '\x01a22bfd489e74ab95ab42dfac9a8c86', '2026-11-30 10:25:49.224651'),
	('bots', '\x01a22bfd48af74f98f97db96395595d6', '2026-11-30 10:25:49.265157'),
	('bots', '\x01a22bfd48d672fb97b386665b4e6e0c', '2026-11-30 10:25:49.289394'),
	('bots', '\x01a22bfd497577f983b4ebdd5ac755b6', '2026-11-30 10:25:49.435483'),
	('bots', '\x01a22bfd49ad70ec8650e38fc80bc84e', '2026-11-30 10:25:49.491241');


--
-- Data for Name: instances; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: interaction_changes; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.interaction_changes VALUES
	('\x01a22bfd488074429333cd94100704d4', 1, '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:49.182594', 'agent', '\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd4852719b88fa52ed4917f0b0', 1, '\x01a22bfd486d74cd8533f52dddeb9fb9', 'started');


--
-- Data for Name: interactions; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.interactions VALUES
	('\x01a22bfd488074429333cd94100704d4', '\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd4875708c8417dc665b3c0a76', 'agent', '\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd4852719b88fa52ed4917f0b0', 3, '\x01a22bfd4852719b88fa52ed4917f0b0', 3, '\x01a22bfd486d74cd8533f52dddeb9fb9', 1, 1, 1, NULL, '[]', NULL, NULL, NULL, NULL, 'TEXT', '2026-11-30 10:25:49.182594', '2026-11-30 10:25:49.182594', NULL, NULL);


--
-- Data for Name: lanes; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: leases; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: bots; Owner: -
--

INSERT INTO bots.outbox VALUES
	(1, '\x01a22bfd48897736830ef1b5f286bb5f', 'interaction.started', 1, 13, '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a9d010a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd4875708c8417dc665b3c0a761a1001a22bfd488074429333cd94100704d420012a056167656e74321001a22bfd461c71dd924c8dc65108eb953a1001a22bfd4852719b88fa52ed4917f0b040034801521001a22bfd486d74cd8533f52dddeb9fb9621001a22bfd486d74cd8533f52dddeb9fb96a07737461727465647082dd8cabbdaf9803', '00-7c5856a8d6b33a90ff6b29a389ab9ea0-62a65559663f157b-01', '2026-11-30 10:25:49.182594', '2026-11-30 10:25:49.26634');


--
-- Data for Name: parked; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: parked_keys; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: seats; Type: TABLE DATA; Schema: bots; Owner: -
--



--
-- Data for Name: __diesel_schema_migrations; Type: TABLE DATA; Schema: chats; Owner: -
--

INSERT INTO chats.__diesel_schema_migrations VALUES
	('store/0001', '2026-11-30 10:25:47.78748'),
	('bus/0001', '2026-11-30 10:25:47.794391'),
	('chats/0001', '2026-11-30 10:25:47.81176'),
	('chats/0002', '2026-11-30 10:25:47.831718'),
	('chats/0003', '2026-11-30 10:25:47.835201');


--
-- Data for Name: chats; Type: TABLE DATA; Schema: chats; Owner: -
--

INSERT INTO chats.chats VALUES
	(1, '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd45a87351a8ff783286f03ff2', 'group', 'a chat', 'for a test', '\x2a45ba4859ea5fd195d2d43012b49bf9', '\x2a45ba4859ea5fd195d2d43012b49bf9', NULL, 1, '{}', '\x01a22bfd46bd71c180328ebdc2a099ff', 2, '2026-11-30 10:25:48.737718', '2026-11-30 10:25:48.737718', '2026-11-30 10:25:48.657523', '2026-11-30 10:25:48.657523', NULL, NULL, NULL, NULL),
	(2, '\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd45a87351a8ff783286f03ff2', 'direct', NULL, '', '\x01a22bfd4650724dbb935fbc8cefaf15', '\x01a22bfd4650724dbb935fbc8cefaf15', '\xc91033950213d4f6d8a9b1ccbeca9b70ff3b31a26e9f0f08c3a6ddf198791cf4', 1, '{}', NULL, NULL, NULL, '2026-11-30 10:25:48.773624', '2026-11-30 10:25:48.773624', '2026-11-30 10:25:48.773624', NULL, NULL, NULL, NULL),
	(3, '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', 'group', 'Über uns', '', '\x2a45ba4859ea5fd195d2d43012b49bf9', '\x2a45ba4859ea5fd195d2d43012b49bf9', NULL, 3, '{}', '\x01a22bfd47a572858bc83ec75d913c56', 2, '2026-11-30 10:25:48.967789', '2026-11-30 10:25:48.967789', '2026-11-30 10:25:48.800863', '2026-11-30 10:25:48.906892', NULL, NULL, NULL, NULL),
	(4, '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd45a87351a8ff783286f03ff2', 'direct', NULL, '', '\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd461c71dd924c8dc65108eb95', '\x3d4538ea52eb42acd5e5847a81ea129f4b115ba773e7eec5f6c53baa639ecdc6', 1, '{}', '\x01a22bfd48367070a083c008ccf9e1a6', 2, '2026-11-30 10:25:49.116803', '2026-11-30 10:25:49.116803', '2026-11-30 10:25:49.053665', '2026-11-30 10:25:49.053665', NULL, NULL, NULL, NULL),
	(5, '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', 'support', NULL, '', '\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd486d74cd8533f52dddeb9fb9', NULL, 3, '{}', '\x01a22bfd48ca778ca145e9fac5f31026', 1, '2026-11-30 10:25:49.262258', '2026-11-30 10:25:49.262258', '2026-11-30 10:25:49.173951', '2026-11-30 10:25:49.231912', NULL, NULL, NULL, NULL);


--
-- Data for Name: documents; Type: TABLE DATA; Schema: chats; Owner: -
--



--
-- Data for Name: erasures; Type: TABLE DATA; Schema: chats; Owner: -
--



--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: chats; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: chats; Owner: -
--

INSERT INTO chats.inbox VALUES
	('chats', '\x01a22bfd46a5773993478c065f959994', '2026-11-30 10:25:48.721325'),
	('chats', '\x01a22bfd46ca760db160930d3a3fff99', '2026-11-30 10:25:48.757235'),
	('chats', '\x01a22bfd479371f8b7446af7ba4cf171', '2026-11-30 10:25:48.952695'),
	('chats', '\x01a22bfd47ad73ddb8b19b649c5ab146', '2026-11-30 10:25:48.986403'),
	('chats', '\x01a22bfd482476699b4ebb7d002e16c5', '2026-11-30 10:25:49.097459'),
	('chats', '\x01a22bfd4840705bbbda23ba16676be4', '2026-11-30 10:25:49.127759'),
	('chats', '\x01a22bfd48d672fb97b386665b4e6e0c', '2026-11-30 10:25:49.279695');


--
-- Data for Name: instances; Type: TABLE DATA; Schema: chats; Owner: -
--



--
-- Data for Name: leases; Type: TABLE DATA; Schema: chats; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: chats; Owner: -
--

INSERT INTO chats.outbox VALUES
	(1, '\x01a22bfd46797789b5368839737d2d97', 'chat.created', 1, 11, '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd467170128327922ca45cf43f1a0567726f757020012a102a45ba4859ea5fd195d2d43012b49bf9321001a22bfd461c71dd924c8dc65108eb95321001a22bfd4650724dbb935fbc8cefaf1532102a45ba4859ea5fd195d2d43012b49bf9', '00-9ba1c2dba2c4b5dd6e0d9b3bf68fba21-d80a8bc17e6a1d0a-01', '2026-11-30 10:25:48.657523', '2026-11-30 10:25:48.765089'),
	(2, '\x01a22bfd46ec774fa460d3b9c4fb7265', 'chat.created', 1, 7, '\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd46e57256a40e2ac7dacf9e691a0664697265637420012a1001a22bfd4650724dbb935fbc8cefaf15321001a22bfd461c71dd924c8dc65108eb95321001a22bfd4650724dbb935fbc8cefaf15', '00-a74b63973762ca566176d22c7b0337d5-8562d59cd3cb2ccf-01', '2026-11-30 10:25:48.773624', '2026-11-30 10:25:48.855042'),
	(3, '\x01a22bfd470475679685f2d11f883fd6', 'chat.created', 1, 9, '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47007232b70779f5d22449d11a0567726f757020012a102a45ba4859ea5fd195d2d43012b49bf9', '00-4f2eb262b139f51580d9d72052114826-a9dda3d989623852-01', '2026-11-30 10:25:48.800863', '2026-11-30 10:25:48.855042'),
	(4, '\x01a22bfd472a71a592c71a5f6c409479', 'participant.added', 1, 9, '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47007232b70779f5d22449d11a1001a22bfd471174758a9788aa5e0e88b4221001a22bfd472871a1aeadeb025d69d2142802', '00-2c890e70d3366e37e9cc790cb47e55a9-e71805091582dc71-01', '2026-11-30 10:25:48.838476', '2026-11-30 10:25:48.914342'),
	(5, '\x01a22bfd476d72d587bb7b46f099a16d', 'participant.added', 1, 9, '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47007232b70779f5d22449d11a1001a22bfd475971109371e3de992479c2221001a22bfd476c7635920e7077fe1bf8002803', '00-bd13463bf6d6be229a1b94b3164ce018-f3c96c5991fa4cac-01', '2026-11-30 10:25:48.906892', '2026-11-30 10:25:48.967439'),
	(6, '\x01a22bfd480275ab8aa1a23e9fda7f60', 'chat.created', 1, 13, '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47fd7610b6917f22959fbf1a1a0664697265637420012a1001a22bfd461c71dd924c8dc65108eb95321001a22bfd461c71dd924c8dc65108eb95321001a22bfd46357077b218e762513ec002', '00-a927b05938463d824acbbb03585f89f3-d20069cd52044616-01', '2026-11-30 10:25:49.053665', '2026-11-30 10:25:49.140092'),
	(7, '\x01a22bfd487975ca9b7c9d781231257b', 'chat.created', 1, 13, '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd4875708c8417dc665b3c0a761a07737570706f727420012a1001a22bfd486d74cd8533f52dddeb9fb9321001a22bfd486d74cd8533f52dddeb9fb9', '00-7c5856a8d6b33a90ff6b29a389ab9ea0-62a65559663f157b-01', '2026-11-30 10:25:49.173951', '2026-11-30 10:25:49.253218'),
	(8, '\x01a22bfd489e74ab95ab42dfac9a8c86', 'participant.added', 1, 13, '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd4875708c8417dc665b3c0a761a1001a22bfd461c71dd924c8dc65108eb95221001a22bfd489d761bae4805081c89dacd2802', '00-7c5856a8d6b33a90ff6b29a389ab9ea0-62a65559663f157b-01', '2026-11-30 10:25:49.210853', '2026-11-30 10:25:49.306316'),
	(9, '\x01a22bfd48af74f98f97db96395595d6', 'chat.updated', 1, 13, '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd4875708c8417dc665b3c0a761803', '00-7c5856a8d6b33a90ff6b29a389ab9ea0-62a65559663f157b-01', '2026-11-30 10:25:49.231912', '2026-11-30 10:25:49.306316');


--
-- Data for Name: parked; Type: TABLE DATA; Schema: chats; Owner: -
--



--
-- Data for Name: parked_keys; Type: TABLE DATA; Schema: chats; Owner: -
--



--
-- Data for Name: participants; Type: TABLE DATA; Schema: chats; Owner: -
--

INSERT INTO chats.participants VALUES
	(1, '\x01a22bfd467777ae82aea4afb4dc0181', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd461c71dd924c8dc65108eb95', 'member', 'open', 0, '2026-11-30 10:25:48.657523', 0, NULL, NULL, NULL, 'active', NULL),
	(2, '\x01a22bfd467777ae82aea4b02a3cd99e', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd4650724dbb935fbc8cefaf15', 'member', 'open', 1, '2026-11-30 10:25:48.657523', 0, NULL, NULL, NULL, 'active', NULL),
	(3, '\x01a22bfd467777ae82aea4b11e438551', '\x01a22bfd467170128327922ca45cf43f', '\x2a45ba4859ea5fd195d2d43012b49bf9', 'owner', 'open', 2, '2026-11-30 10:25:48.657523', 0, NULL, NULL, NULL, 'active', NULL),
	(4, '\x01a22bfd46ea7492a4ba2016b78ac385', '\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd461c71dd924c8dc65108eb95', 'member', 'open', 0, '2026-11-30 10:25:48.773624', 0, NULL, NULL, NULL, 'active', NULL),
	(5, '\x01a22bfd46ea7492a4ba20171f7c9c38', '\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd4650724dbb935fbc8cefaf15', 'owner', 'open', 1, '2026-11-30 10:25:48.773624', 0, NULL, NULL, NULL, 'active', NULL),
	(6, '\x01a22bfd472871a1aeadeb025d69d214', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd471174758a9788aa5e0e88b4', 'member', 'open', 0, '2026-11-30 10:25:48.838476', 0, NULL, NULL, NULL, 'active', NULL),
	(7, '\x01a22bfd476c7635920e7077fe1bf800', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd475971109371e3de992479c2', 'member', 'open', 1, '2026-11-30 10:25:48.906892', 0, NULL, NULL, NULL, 'active', NULL),
	(8, '\x01a22bfd480171b59b554e770592e610', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd461c71dd924c8dc65108eb95', 'owner', 'open', 0, '2026-11-30 10:25:49.053665', 0, NULL, NULL, NULL, 'active', NULL),
	(9, '\x01a22bfd480171b59b554e782a6f1e87', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd46357077b218e762513ec002', 'member', 'open', 1, '2026-11-30 10:25:49.053665', 0, NULL, NULL, NULL, 'active', NULL),
	(10, '\x01a22bfd487975ca9b7c9d773e16193c', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd486d74cd8533f52dddeb9fb9', 'member', 'open', 0, '2026-11-30 10:25:49.173951', 0, NULL, NULL, NULL, 'active', NULL),
	(11, '\x01a22bfd489d761bae4805081c89dacd', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd461c71dd924c8dc65108eb95', 'owner', 'open', 1, '2026-11-30 10:25:49.210853', 0, NULL, NULL, NULL, 'active', NULL);


--
-- Data for Name: tenant_heads; Type: TABLE DATA; Schema: chats; Owner: -
--

INSERT INTO chats.tenant_heads VALUES
	('\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:49.173951');


--
-- Data for Name: user_heads; Type: TABLE DATA; Schema: chats; Owner: -
--

INSERT INTO chats.user_heads VALUES
	('\x2a45ba4859ea5fd195d2d43012b49bf9', '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:48.657523'),
	('\x01a22bfd4650724dbb935fbc8cefaf15', '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:48.773624'),
	('\x01a22bfd471174758a9788aa5e0e88b4', '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:48.838476'),
	('\x01a22bfd475971109371e3de992479c2', '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:48.906892'),
	('\x01a22bfd46357077b218e762513ec002', '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:49.053665'),
	('\x01a22bfd486d74cd8533f52dddeb9fb9', '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:49.173951'),
	('\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:49.210853');


--
-- Data for Name: __diesel_schema_migrations; Type: TABLE DATA; Schema: messages; Owner: -
--

INSERT INTO messages.__diesel_schema_migrations VALUES
	('store/0001', '2026-11-30 10:25:47.871858'),
	('bus/0001', '2026-11-30 10:25:47.87822'),
	('messages/0001', '2026-11-30 10:25:47.896077'),
	('messages/0002', '2026-11-30 10:25:47.91432'),
	('messages/0003', '2026-11-30 10:25:47.916859');


--
-- Data for Name: erasures; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: heads; Type: TABLE DATA; Schema: messages; Owner: -
--

INSERT INTO messages.heads VALUES
	('\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd45a87351a8ff783286f03ff2', 2, '2026-11-30 10:25:48.737718'),
	('\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', 2, '2026-11-30 10:25:48.967789'),
	('\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd45a87351a8ff783286f03ff2', 2, '2026-11-30 10:25:49.116803'),
	('\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', 1, '2026-11-30 10:25:49.262258');


--
-- Data for Name: hidden_copies; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: instances; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: leases; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: messages; Type: TABLE DATA; Schema: messages; Owner: -
--

INSERT INTO messages.messages VALUES
	('\x01a22bfd467170128327922ca45cf43f', 1, '\x01a22bfd468974c1b50b259c57da43e1', 1, '\x01a22bfd45a87351a8ff783286f03ff2', '\x2a45ba4859ea5fd195d2d43012b49bf9', 'voipbin', 'text', 'Wer da?', NULL, NULL, 1, '2026-11-30 10:25:48.686827', '2026-11-30 10:25:48.686827', NULL, NULL),
	('\x01a22bfd467170128327922ca45cf43f', 2, '\x01a22bfd46bd71c180328ebdc2a099ff', 2, '\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd4650724dbb935fbc8cefaf15', 'imbee', 'text', '« C''est moi » 🙂', NULL, NULL, 1, '2026-11-30 10:25:48.737718', '2026-11-30 10:25:48.737718', NULL, NULL),
	('\x01a22bfd47007232b70779f5d22449d1', 1, '\x01a22bfd478c70b09ab2af22158c8136', 3, '\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd475971109371e3de992479c2', 'connectnow', 'text', 'Hello, how can I help?', NULL, NULL, 3, '2026-11-30 10:25:48.94286', '2026-11-30 10:25:48.94286', NULL, NULL),
	('\x01a22bfd47007232b70779f5d22449d1', 2, '\x01a22bfd47a572858bc83ec75d913c56', 4, '\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd471174758a9788aa5e0e88b4', 'connectnow', 'text', 'Where is my parcel?', NULL, NULL, 3, '2026-11-30 10:25:48.967789', '2026-11-30 10:25:49.00461', '2026-11-30 10:25:49.00461', NULL),
	('\x01a22bfd47fd7610b6917f22959fbf1a', 1, '\x01a22bfd481b703c9000929953adabbd', 5, '\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd461c71dd924c8dc65108eb95', 'odoo', 'text', '12 chairs, please', NULL, NULL, 1, '2026-11-30 10:25:49.088669', '2026-11-30 10:25:49.088669', NULL, NULL),
	('\x01a22bfd47fd7610b6917f22959fbf1a', 2, '\x01a22bfd48367070a083c008ccf9e1a6', 6, '\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd46357077b218e762513ec002', 'odoo', 'text', 'They come tomorrow', NULL, NULL, 1, '2026-11-30 10:25:49.116803', '2026-11-30 10:25:49.116803', NULL, NULL),
	('\x01a22bfd4875708c8417dc665b3c0a76', 1, '\x01a22bfd48ca778ca145e9fac5f31026', 7, '\x01a22bfd45a87351a8ff783286f03ff2', '\x01a22bfd486d74cd8533f52dddeb9fb9', 'zenvia', 'text', 'Is anybody there?', NULL, NULL, 3, '2026-11-30 10:25:49.262258', '2026-11-30 10:25:49.262258', NULL, NULL);


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: messages; Owner: -
--

INSERT INTO messages.outbox VALUES
	(1, '\x01a22bfd46a5773993478c065f959994', 'message.posted', 1, 11, '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd467170128327922ca45cf43f1a1001a22bfd468974c1b50b259c57da43e12001280132102a45ba4859ea5fd195d2d43012b49bf93a07766f697062696e4204746578744a075765722064613f58ebbbeeaabdaf98036001', '00-5d1b4419e7a446bdfc160a8545533ba7-60c9f5e6f7b4f5de-01', '2026-11-30 10:25:48.686827', '2026-11-30 10:25:48.788419'),
	(2, '\x01a22bfd46ca760db160930d3a3fff99', 'message.posted', 1, 11, '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd467170128327922ca45cf43f1a1001a22bfd46bd71c180328ebdc2a099ff20022802321001a22bfd4650724dbb935fbc8cefaf153a05696d6265654204746578744a14c2ab204327657374206d6f6920c2bb20f09f998258b6c9f1aabdaf98036001', '00-2b81e53087565093beed81edc2fcb34b-08d4d993215733f5-01', '2026-11-30 10:25:48.737718', '2026-11-30 10:25:48.788419'),
	(3, '\x01a22bfd479371f8b7446af7ba4cf171', 'message.posted', 1, 9, '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47007232b70779f5d22449d11a1001a22bfd478c70b09ab2af22158c813620012803321001a22bfd475971109371e3de992479c23a0a636f6e6e6563746e6f774204746578744a1648656c6c6f2c20686f772063616e20492068656c703f588c8cfeaabdaf98036003', '00-1602493d7265aa1338b0f83964f2c280-93663897e1190f08-01', '2026-11-30 10:25:48.94286', '2026-11-30 10:25:49.019164'),
	(4, '\x01a22bfd47ad73ddb8b19b649c5ab146', 'message.posted', 1, 9, '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47007232b70779f5d22449d11a1001a22bfd47a572858bc83ec75d913c5620022804321001a22bfd471174758a9788aa5e0e88b43a0a636f6e6e6563746e6f774204746578744a125768657265206973206d79206f726465723f58edceffaabdaf98036003', '00-7fb1f6ddf660e952010efd2cf39c8bda-b5b7014b43245bb1-01', '2026-11-30 10:25:48.967789', '2026-11-30 10:25:49.019164'),
	(5, '\x01a22bfd47cf76ccb2abc88d08bbc7b2', 'message.edited', 1, 9, '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47007232b70779f5d22449d11a1001a22bfd47a572858bc83ec75d913c562002280432135768657265206973206d792070617263656c3f38c2ee81abbdaf9803', '00-0946779adc69e0534bc9ed7235a1f377-2bef99035fa8ce5a-01', '2026-11-30 10:25:49.00461', '2026-11-30 10:25:49.076088'),
	(6, '\x01a22bfd482476699b4ebb7d002e16c5', 'message.posted', 1, 13, '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47fd7610b6917f22959fbf1a1a1001a22bfd481b703c9000929953adabbd20012805321001a22bfd461c71dd924c8dc65108eb953a046f646f6f4204746578744a113132206368616972732c20706c65617365589dff86abbdaf98036001', '00-a66aae02407b97894c0b642d1e1ee446-a8f795dde3b49026-01', '2026-11-30 10:25:49.088669', '2026-11-30 10:25:49.164829'),
	(7, '\x01a22bfd4840705bbbda23ba16676be4', 'message.posted', 1, 13, '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47fd7610b6917f22959fbf1a1a1001a22bfd48367070a083c008ccf9e1a620022806321001a22bfd46357077b218e762513ec0023a046f646f6f4204746578744a125468657920636f6d6520746f6d6f72726f775883db88abbdaf98036001', '00-4a89f9e198a85ba231c5355676f953be-ad7fcf98ef3a9d5c-01', '2026-11-30 10:25:49.116803', '2026-11-30 10:25:49.164829'),
	(8, '\x01a22bfd48d672fb97b386665b4e6e0c', 'message.posted', 1, 13, '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd4875708c8417dc665b3c0a761a1001a22bfd48ca778ca145e9fac5f3102620012807321001a22bfd486d74cd8533f52dddeb9fb93a067a656e7669614204746578744a11497320616e79626f64792074686572653f58b2cb91abbdaf98036003', '00-d3cdfdb23d07eb89addbd8af78faca09-2346c1a77d374a94-01', '2026-11-30 10:25:49.262258', '2026-11-30 10:25:49.354124'),
	(9, '\x01a22bfd497577f983b4ebdd5ac755b6', 'message.read', 1, 11, '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd467170128327922ca45cf43f1a1001a22bfd4650724dbb935fbc8cefaf152002', '00-ae4260d6691e1c04999a5fd12b7a1b71-05285c755d0aeafb-01', '2026-11-30 10:25:49.427569', '2026-11-30 10:25:49.49411'),
	(10, '\x01a22bfd49ad70ec8650e38fc80bc84e', 'message.read', 1, 13, '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd45a87351a8ff783286f03ff2', '\x0a1001a22bfd45a87351a8ff783286f03ff2121001a22bfd47fd7610b6917f22959fbf1a1a1001a22bfd461c71dd924c8dc65108eb952002', '00-e53270bba50342aa859b8c8f4b5cd1fa-31c3c3c532a63644-01', '2026-11-30 10:25:49.483509', '2026-11-30 10:25:49.552769');


--
-- Data for Name: parked; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: parked_keys; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: post_keys; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: reads; Type: TABLE DATA; Schema: messages; Owner: -
--

INSERT INTO messages.reads VALUES
	('\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd4650724dbb935fbc8cefaf15', 2, '2026-11-30 10:25:49.427569'),
	('\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd461c71dd924c8dc65108eb95', 2, '2026-11-30 10:25:49.483509');


--
-- Data for Name: tenant_days; Type: TABLE DATA; Schema: messages; Owner: -
--



--
-- Data for Name: __diesel_schema_migrations; Type: TABLE DATA; Schema: realtime; Owner: -
--

INSERT INTO realtime.__diesel_schema_migrations VALUES
	('store/0001', '2026-11-30 10:25:47.95411'),
	('bus/0001', '2026-11-30 10:25:47.966186'),
	('realtime/0001', '2026-11-30 10:25:47.982914');


--
-- Data for Name: chat_copies; Type: TABLE DATA; Schema: realtime; Owner: -
--

INSERT INTO realtime.chat_copies VALUES
	('\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd45a87351a8ff783286f03ff2', 1),
	('\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd45a87351a8ff783286f03ff2', 1),
	('\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd45a87351a8ff783286f03ff2', 3),
	('\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd45a87351a8ff783286f03ff2', 1),
	('\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd45a87351a8ff783286f03ff2', 3);


--
-- Data for Name: erasures; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: feed; Type: TABLE DATA; Schema: realtime; Owner: -
--

INSERT INTO realtime.feed VALUES
	('\x01a22bfd45a87351a8ff783286f03ff2', 1, '2026-11-30 10:25:48.703814', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd4650724dbb935fbc8cefaf152a45ba4859ea5fd195d2d43012b49bf9', NULL, '{"chat_created":{"id":"01a22bfd-4671-7012-8327-922ca45cf43f","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":1,"kind":"group","title":"a chat","detail":"for a test","owner":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","creator":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","participants":[{"id":"01a22bfd-4677-77ae-82ae-a4afb4dc0181","number":1,"user":"01a22bfd-461c-71dd-924c-8dc65108eb95","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:48.657523Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-4677-77ae-82ae-a4b02a3cd99e","number":2,"user":"01a22bfd-4650-724d-bb93-5fbc8cefaf15","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:48.657523Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-4677-77ae-82ae-a4b11e438551","number":3,"user":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","role":"owner","state":"open","closed_seq":null,"status":"active","position":2,"joined_at":"2026-11-30T10:25:48.657523Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:48.657523Z","updated_at":"2026-11-30T10:25:48.657523Z","closed_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 2, '2026-11-30 10:25:48.728171', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd4650724dbb935fbc8cefaf152a45ba4859ea5fd195d2d43012b49bf9', NULL, '{"message_posted":{"id":"01a22bfd-4689-74c1-b50b-259c57da43e1","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","chat":"01a22bfd-4671-7012-8327-922ca45cf43f","seq":1,"number":1,"author":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","origin":"voipbin","kind":"text","text":"Wer da?","media":[],"extras":{},"created_at":"2026-11-30T10:25:48.686827Z","updated_at":"2026-11-30T10:25:48.686827Z","edited_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 3, '2026-11-30 10:25:48.765469', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd4650724dbb935fbc8cefaf152a45ba4859ea5fd195d2d43012b49bf9', NULL, '{"message_posted":{"id":"01a22bfd-46bd-71c1-8032-8ebdc2a099ff","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","chat":"01a22bfd-4671-7012-8327-922ca45cf43f","seq":2,"number":2,"author":"01a22bfd-4650-724d-bb93-5fbc8cefaf15","origin":"imbee","kind":"text","text":"« C''est moi » 🙂","media":[],"extras":{},"created_at":"2026-11-30T10:25:48.737718Z","updated_at":"2026-11-30T10:25:48.737718Z","edited_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 4, '2026-11-30 10:25:48.79853', '\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd4650724dbb935fbc8cefaf15', NULL, '{"chat_created":{"id":"01a22bfd-46e5-7256-a40e-2ac7dacf9e69","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":2,"kind":"direct","title":null,"detail":"","owner":"01a22bfd-4650-724d-bb93-5fbc8cefaf15","creator":"01a22bfd-4650-724d-bb93-5fbc8cefaf15","participants":[{"id":"01a22bfd-46ea-7492-a4ba-2016b78ac385","number":4,"user":"01a22bfd-461c-71dd-924c-8dc65108eb95","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:48.773624Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-46ea-7492-a4ba-20171f7c9c38","number":5,"user":"01a22bfd-4650-724d-bb93-5fbc8cefaf15","role":"owner","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:48.773624Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:48.773624Z","updated_at":"2026-11-30T10:25:48.773624Z","closed_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 5, '2026-11-30 10:25:48.831524', '\x01a22bfd47007232b70779f5d22449d1', '\x', NULL, '{"chat_created":{"id":"01a22bfd-4700-7232-b707-79f5d22449d1","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":3,"kind":"group","title":"Über uns","detail":"","owner":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","creator":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","participants":[],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:48.800863Z","updated_at":"2026-11-30T10:25:48.800863Z","closed_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 6, '2026-11-30 10:25:48.878153', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd471174758a9788aa5e0e88b4', NULL, '{"participant_added":{"chat":{"id":"01a22bfd-4700-7232-b707-79f5d22449d1","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":3,"kind":"group","title":"Über uns","detail":"","owner":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","creator":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","participants":[{"id":"01a22bfd-4728-71a1-aead-eb025d69d214","number":6,"user":"01a22bfd-4711-7475-8a97-88aa5e0e88b4","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:48.838476Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":2,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:48.800863Z","updated_at":"2026-11-30T10:25:48.838476Z","closed_at":null,"deleted_at":null},"stay":{"id":"01a22bfd-4728-71a1-aead-eb025d69d214","number":6,"user":"01a22bfd-4711-7475-8a97-88aa5e0e88b4","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:48.838476Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 7, '2026-11-30 10:25:48.933757', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd471174758a9788aa5e0e88b401a22bfd475971109371e3de992479c2', NULL, '{"participant_added":{"chat":{"id":"01a22bfd-4700-7232-b707-79f5d22449d1","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":3,"kind":"group","title":"Über uns","detail":"","owner":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","creator":"2a45ba48-59ea-5fd1-95d2-d43012b49bf9","participants":[{"id":"01a22bfd-4728-71a1-aead-eb025d69d214","number":6,"user":"01a22bfd-4711-7475-8a97-88aa5e0e88b4","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:48.838476Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-476c-7635-920e-7077fe1bf800","number":7,"user":"01a22bfd-4759-7110-9371-e3de992479c2","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:48.906892Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":3,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:48.800863Z","updated_at":"2026-11-30T10:25:48.906892Z","closed_at":null,"deleted_at":null},"stay":{"id":"01a22bfd-476c-7635-920e-7077fe1bf800","number":7,"user":"01a22bfd-4759-7110-9371-e3de992479c2","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:48.906892Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 8, '2026-11-30 10:25:48.960705', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd471174758a9788aa5e0e88b401a22bfd475971109371e3de992479c2', NULL, '{"message_posted":{"id":"01a22bfd-478c-70b0-9ab2-af22158c8136","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","chat":"01a22bfd-4700-7232-b707-79f5d22449d1","seq":1,"number":3,"author":"01a22bfd-4759-7110-9371-e3de992479c2","origin":"connectnow","kind":"text","text":"Hello, how can I help?","media":[],"extras":{},"created_at":"2026-11-30T10:25:48.942860Z","updated_at":"2026-11-30T10:25:48.942860Z","edited_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 9, '2026-11-30 10:25:48.987419', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd471174758a9788aa5e0e88b401a22bfd475971109371e3de992479c2', NULL, '{"message_posted":{"id":"01a22bfd-47a5-7285-8bc8-3ec75d913c56","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","chat":"01a22bfd-4700-7232-b707-79f5d22449d1","seq":2,"number":4,"author":"01a22bfd-4711-7475-8a97-88aa5e0e88b4","origin":"connectnow","kind":"text","text":"Where is my order?","media":[],"extras":{},"created_at":"2026-11-30T10:25:48.967789Z","updated_at":"2026-11-30T10:25:48.967789Z","edited_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 10, '2026-11-30 10:25:49.017304', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd471174758a9788aa5e0e88b401a22bfd475971109371e3de992479c2', NULL, '{"message_edited":{"id":"01a22bfd-47a5-7285-8bc8-3ec75d913c56","seq":2,"number":4,"text":"Where is my parcel?","at":"2026-11-30T10:25:49.004610Z"}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 11, '2026-11-30 10:25:49.07896', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd46357077b218e762513ec002', NULL, '{"chat_created":{"id":"01a22bfd-47fd-7610-b691-7f22959fbf1a","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":4,"kind":"direct","title":null,"detail":"","owner":"01a22bfd-461c-71dd-924c-8dc65108eb95","creator":"01a22bfd-461c-71dd-924c-8dc65108eb95","participants":[{"id":"01a22bfd-4801-71b5-9b55-4e770592e610","number":8,"user":"01a22bfd-461c-71dd-924c-8dc65108eb95","role":"owner","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:49.053665Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-4801-71b5-9b55-4e782a6f1e87","number":9,"user":"01a22bfd-4635-7077-b218-e762513ec002","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:49.053665Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:49.053665Z","updated_at":"2026-11-30T10:25:49.053665Z","closed_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 12, '2026-11-30 10:25:49.107622', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd46357077b218e762513ec002', NULL, '{"message_posted":{"id":"01a22bfd-481b-703c-9000-929953adabbd","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","chat":"01a22bfd-47fd-7610-b691-7f22959fbf1a","seq":1,"number":5,"author":"01a22bfd-461c-71dd-924c-8dc65108eb95","origin":"odoo","kind":"text","text":"12 chairs, please","media":[],"extras":{},"created_at":"2026-11-30T10:25:49.088669Z","updated_at":"2026-11-30T10:25:49.088669Z","edited_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 13, '2026-11-30 10:25:49.145311', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd46357077b218e762513ec002', NULL, '{"message_posted":{"id":"01a22bfd-4836-7070-a083-c008ccf9e1a6","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","chat":"01a22bfd-47fd-7610-b691-7f22959fbf1a","seq":2,"number":6,"author":"01a22bfd-4635-7077-b218-e762513ec002","origin":"odoo","kind":"text","text":"They come tomorrow","media":[],"extras":{},"created_at":"2026-11-30T10:25:49.116803Z","updated_at":"2026-11-30T10:25:49.116803Z","edited_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 14, '2026-11-30 10:25:49.195766', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd486d74cd8533f52dddeb9fb9', NULL, '{"chat_created":{"id":"01a22bfd-4875-708c-8417-dc665b3c0a76","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":5,"kind":"support","title":null,"detail":"","owner":null,"creator":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","participants":[{"id":"01a22bfd-4879-75ca-9b7c-9d773e16193c","number":10,"user":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:49.173951Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:49.173951Z","updated_at":"2026-11-30T10:25:49.173951Z","closed_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 15, '2026-11-30 10:25:49.210399', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd486d74cd8533f52dddeb9fb9', NULL, '{"interaction_started":{"id":"01a22bfd-4880-7442-9333-cd94100704d4","chat":"01a22bfd-4875-708c-8417-dc665b3c0a76","department":"01a22bfd-4852-719b-88fa-52ed4917f0b0","department_number":3,"state":"agent","user":"01a22bfd-461c-71dd-924c-8dc65108eb95","customer":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","position":null,"version":1,"from_seq":1,"by":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","why":"started","at":"2026-11-30T10:25:49.182594Z"}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 16, '2026-11-30 10:25:49.248917', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd486d74cd8533f52dddeb9fb9', NULL, '{"participant_added":{"chat":{"id":"01a22bfd-4875-708c-8417-dc665b3c0a76","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":5,"kind":"support","title":null,"detail":"","owner":null,"creator":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","participants":[{"id":"01a22bfd-4879-75ca-9b7c-9d773e16193c","number":10,"user":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:49.173951Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-489d-761b-ae48-05081c89dacd","number":11,"user":"01a22bfd-461c-71dd-924c-8dc65108eb95","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:49.210853Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":2,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:49.173951Z","updated_at":"2026-11-30T10:25:49.210853Z","closed_at":null,"deleted_at":null},"stay":{"id":"01a22bfd-489d-761b-ae48-05081c89dacd","number":11,"user":"01a22bfd-461c-71dd-924c-8dc65108eb95","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:49.210853Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 17, '2026-11-30 10:25:49.287232', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd486d74cd8533f52dddeb9fb9', NULL, '{"chat_updated":{"id":"01a22bfd-4875-708c-8417-dc665b3c0a76","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","number":5,"kind":"support","title":null,"detail":"","owner":"01a22bfd-461c-71dd-924c-8dc65108eb95","creator":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","participants":[{"id":"01a22bfd-4879-75ca-9b7c-9d773e16193c","number":10,"user":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:49.173951Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-489d-761b-ae48-05081c89dacd","number":11,"user":"01a22bfd-461c-71dd-924c-8dc65108eb95","role":"owner","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:49.210853Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":3,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:49.173951Z","updated_at":"2026-11-30T10:25:49.231912Z","closed_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 18, '2026-11-30 10:25:49.296812', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd486d74cd8533f52dddeb9fb9', NULL, '{"message_posted":{"id":"01a22bfd-48ca-778c-a145-e9fac5f31026","tenant":"01a22bfd-45a8-7351-a8ff-783286f03ff2","chat":"01a22bfd-4875-708c-8417-dc665b3c0a76","seq":1,"number":7,"author":"01a22bfd-486d-74cd-8533-f52dddeb9fb9","origin":"zenvia","kind":"text","text":"Is anybody there?","media":[],"extras":{},"created_at":"2026-11-30T10:25:49.262258Z","updated_at":"2026-11-30T10:25:49.262258Z","edited_at":null,"deleted_at":null}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 19, '2026-11-30 10:25:49.438203', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd4650724dbb935fbc8cefaf152a45ba4859ea5fd195d2d43012b49bf9', NULL, '{"messages_read":{"user":"01a22bfd-4650-724d-bb93-5fbc8cefaf15","seq":2}}'),
	('\x01a22bfd45a87351a8ff783286f03ff2', 20, '2026-11-30 10:25:49.494446', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd461c71dd924c8dc65108eb9501a22bfd46357077b218e762513ec002', NULL, '{"messages_read":{"user":"01a22bfd-461c-71dd-924c-8dc65108eb95","seq":2}}');


--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: realtime; Owner: -
--

INSERT INTO realtime.inbox VALUES
	('realtime', '\x01a22bfd46797789b5368839737d2d97', '2026-11-30 10:25:48.681806'),
	('realtime', '\x01a22bfd46a5773993478c065f959994', '2026-11-30 10:25:48.718241'),
	('realtime', '\x01a22bfd46ca760db160930d3a3fff99', '2026-11-30 10:25:48.758575'),
	('realtime', '\x01a22bfd46ec774fa460d3b9c4fb7265', '2026-11-30 10:25:48.785421'),
	('realtime', '\x01a22bfd470475679685f2d11f883fd6', '2026-11-30 10:25:48.816419'),
	('realtime', '\x01a22bfd472a71a592c71a5f6c409479', '2026-11-30 10:25:48.857684'),
	('realtime', '\x01a22bfd476d72d587bb7b46f099a16d', '2026-11-30 10:25:48.918372'),
	('realtime', '\x01a22bfd479371f8b7446af7ba4cf171', '2026-11-30 10:25:48.953143'),
	('realtime', '\x01a22bfd47ad73ddb8b19b649c5ab146', '2026-11-30 10:25:48.983571'),
	('realtime', '\x01a22bfd47cf76ccb2abc88d08bbc7b2', '2026-11-30 10:25:49.01366'),
	('realtime', '\x01a22bfd480275ab8aa1a23e9fda7f60', '2026-11-30 10:25:49.064806'),
	('realtime', '\x01a22bfd482476699b4ebb7d002e16c5', '2026-11-30 10:25:49.097907'),
	('realtime', '\x01a22bfd4840705bbbda23ba16676be4', '2026-11-30 10:25:49.131169'),
	('realtime', '\x01a22bfd487975ca9b7c9d781231257b', '2026-11-30 10:25:49.184841'),
	('realtime', '\x01a22bfd48897736830ef1b5f286bb5f', '2026-11-30 10:25:49.203079'),
	('realtime', '\x01a22bfd489e74ab95ab42dfac9a8c86', '2026-11-30 10:25:49.22275'),
	('realtime', '\x01a22bfd48af74f98f97db96395595d6', '2026-11-30 10:25:49.265785'),
	('realtime', '\x01a22bfd48d672fb97b386665b4e6e0c', '2026-11-30 10:25:49.292387'),
	('realtime', '\x01a22bfd497577f983b4ebdd5ac755b6', '2026-11-30 10:25:49.43468'),
	('realtime', '\x01a22bfd49ad70ec8650e38fc80bc84e', '2026-11-30 10:25:49.490903');


--
-- Data for Name: instances; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: leases; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: members; Type: TABLE DATA; Schema: realtime; Owner: -
--

INSERT INTO realtime.members VALUES
	('\x01a22bfd467777ae82aea4afb4dc0181', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd461c71dd924c8dc65108eb95', 0, NULL),
	('\x01a22bfd467777ae82aea4b02a3cd99e', '\x01a22bfd467170128327922ca45cf43f', '\x01a22bfd4650724dbb935fbc8cefaf15', 0, NULL),
	('\x01a22bfd467777ae82aea4b11e438551', '\x01a22bfd467170128327922ca45cf43f', '\x2a45ba4859ea5fd195d2d43012b49bf9', 0, NULL),
	('\x01a22bfd46ea7492a4ba2016b78ac385', '\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd461c71dd924c8dc65108eb95', 0, NULL),
	('\x01a22bfd46ea7492a4ba20171f7c9c38', '\x01a22bfd46e57256a40e2ac7dacf9e69', '\x01a22bfd4650724dbb935fbc8cefaf15', 0, NULL),
	('\x01a22bfd472871a1aeadeb025d69d214', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd471174758a9788aa5e0e88b4', 0, NULL),
	('\x01a22bfd476c7635920e7077fe1bf800', '\x01a22bfd47007232b70779f5d22449d1', '\x01a22bfd475971109371e3de992479c2', 0, NULL),
	('\x01a22bfd480171b59b554e770592e610', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd461c71dd924c8dc65108eb95', 0, NULL),
	('\x01a22bfd480171b59b554e782a6f1e87', '\x01a22bfd47fd7610b6917f22959fbf1a', '\x01a22bfd46357077b218e762513ec002', 0, NULL),
	('\x01a22bfd487975ca9b7c9d773e16193c', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd486d74cd8533f52dddeb9fb9', 0, NULL),
	('\x01a22bfd489d761bae4805081c89dacd', '\x01a22bfd4875708c8417dc665b3c0a76', '\x01a22bfd461c71dd924c8dc65108eb95', 0, NULL);


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: parked; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: parked_keys; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: presence; Type: TABLE DATA; Schema: realtime; Owner: -
--



--
-- Data for Name: tenant_heads; Type: TABLE DATA; Schema: realtime; Owner: -
--

INSERT INTO realtime.tenant_heads VALUES
	('\x01a22bfd45a87351a8ff783286f03ff2', 20, 0);


--
-- Data for Name: __diesel_schema_migrations; Type: TABLE DATA; Schema: users; Owner: -
--

INSERT INTO users.__diesel_schema_migrations VALUES
	('store/0001', '2026-11-30 10:25:47.554601'),
	('bus/0001', '2026-11-30 10:25:47.600201'),
	('users/0001', '2026-11-30 10:25:47.618395'),
	('users/0002', '2026-11-30 10:25:47.63915'),
	('users/0003', '2026-11-30 10:25:47.646166');


--
-- Data for Name: book_entries; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: companies; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: erasures; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: external_ids; Type: TABLE DATA; Schema: users; Owner: -
--

INSERT INTO users.external_ids VALUES
	('\x01a22bfd45a87351a8ff783286f03ff2', 'imbee', '\xba3c94e4024dd874eb17b3ac4b8acf810ed8da98b4ca4736ebfcd3577b9d18c3', '\x01a22bfd4650724dbb935fbc8cefaf15');


--
-- Data for Name: group_members; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: instances; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: leases; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: parked; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: parked_keys; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: partners; Type: TABLE DATA; Schema: users; Owner: -
--

INSERT INTO users.partners VALUES
	(1001, '\x10797d800e705abbb588a7899acc287e'),
	(1002, '\x15f405b8d2bc582ca47fbb7d54835b8f'),
	(1003, '\x2a45ba4859ea5fd195d2d43012b49bf9'),
	(1004, '\x6fc436d5b2375baf8f3f14c0e929399b'),
	(1005, '\x01a22bfd461c71dd924c8dc65108eb95'),
	(1006, '\x01a22bfd46357077b218e762513ec002'),
	(1007, '\x01a22bfd4650724dbb935fbc8cefaf15'),
	(1008, '\x01a22bfd471174758a9788aa5e0e88b4'),
	(1009, '\x01a22bfd475971109371e3de992479c2'),
	(1010, '\x01a22bfd486d74cd8533f52dddeb9fb9');


--
-- Data for Name: tenant_heads; Type: TABLE DATA; Schema: users; Owner: -
--

INSERT INTO users.tenant_heads VALUES
	('\x7c97e29379e55680b0c1fd4301ac31b8', '2026-11-30 10:25:48.352294'),
	('\x01a22bfd45a87351a8ff783286f03ff2', '2026-11-30 10:25:49.168137');


--
-- Data for Name: user_groups; Type: TABLE DATA; Schema: users; Owner: -
--



--
-- Data for Name: users; Type: TABLE DATA; Schema: users; Owner: -
--

INSERT INTO users.users VALUES
	(1, '\x10797d800e705abbb588a7899acc287e', '\x7c97e29379e55680b0c1fd4301ac31b8', 1001, 'f92d7abbd5dc8489a929687682f13d8b97a74acf', 'Admin', NULL, NULL, NULL, 'admin 
', NULL, 'admin', '', '{}', '2026-11-30 10:25:48.344251', '2026-11-30 10:25:48.344251', NULL),
	(2, '\x15f405b8d2bc582ca47fbb7d54835b8f', '\x7c97e29379e55680b0c1fd4301ac31b8', 1002, '3582b9fae8c3684450fe6cc2c1ec312860314865', 'Assistant', NULL, NULL, NULL, 'assistant 
', NULL, 'bot', '', '{}', '2026-11-30 10:25:48.352294', '2026-11-30 10:25:48.352294', NULL),
	(3, '\x2a45ba4859ea5fd195d2d43012b49bf9', '\x01a22bfd45a87351a8ff783286f03ff2', 1003, '5eefbbe89eb703601790261714563aa148fb8e0c', 'Admin', NULL, NULL, NULL, 'admin 
', NULL, 'admin', '', '{}', '2026-11-30 10:25:48.466616', '2026-11-30 10:25:48.466616', NULL),
	(4, '\x6fc436d5b2375baf8f3f14c0e929399b', '\x01a22bfd45a87351a8ff783286f03ff2', 1004, 'aa79ef60d09712e6e7c86b4714a6ed73e9c52ef8', 'Assistant', NULL, NULL, NULL, 'assistant 
', NULL, 'bot', '', '{}', '2026-11-30 10:25:48.473181', '2026-11-30 10:25:48.473181', NULL),
	(5, '\x01a22bfd461c71dd924c8dc65108eb95', '\x01a22bfd45a87351a8ff783286f03ff2', 1005, 'dcf31c07d135aba5bd8fd0abaa5cf23af2f3e630', 'Ann', NULL, NULL, NULL, 'ann 
', NULL, 'agent', '', '{}', '2026-11-30 10:25:48.574568', '2026-11-30 10:25:48.574568', NULL),
	(6, '\x01a22bfd46357077b218e762513ec002', '\x01a22bfd45a87351a8ff783286f03ff2', 1006, '75c1b5c349df2fd2c87b59c4c6ca06f5b37cb0bf', 'Bea', NULL, NULL, NULL, 'bea 
', NULL, 'manager', '', '{}', '2026-11-30 10:25:48.59972', '2026-11-30 10:25:48.59972', NULL),
	(7, '\x01a22bfd4650724dbb935fbc8cefaf15', '\x01a22bfd45a87351a8ff783286f03ff2', 1007, '3f61978744ec0a80915d0d1e66742ff6a6e57b58', 'Visitor', NULL, NULL, NULL, 'visitor 
', NULL, 'customer', '', '{}', '2026-11-30 10:25:48.625273', '2026-11-30 10:25:48.625273', NULL),
	(8, '\x01a22bfd471174758a9788aa5e0e88b4', '\x01a22bfd45a87351a8ff783286f03ff2', 1008, 'c4e4212af60e5bad25e8f91572780a784375f245', 'visitor', NULL, 'visitor@customer.example', 'visitor@customer.example', 'visitor 
visitor@customer.example', NULL, 'customer', '', '{}', '2026-11-30 10:25:48.82183', '2026-11-30 10:25:48.82183', NULL),
	(9, '\x01a22bfd475971109371e3de992479c2', '\x01a22bfd45a87351a8ff783286f03ff2', 1009, '703db8b92a46a8ad35e65a580649629b80deb4c6', 'host', NULL, 'host@company.example', 'host@company.example', 'host 
host@company.example', NULL, 'customer', '', '{}', '2026-11-30 10:25:48.895051', '2026-11-30 10:25:48.895051', NULL),
	(10, '\x01a22bfd486d74cd8533f52dddeb9fb9', '\x01a22bfd45a87351a8ff783286f03ff2', 1010, 'f5db0e73bc0ea6f0b40af9f70a6023481351c401', 'Zoé', NULL, 'zoe@customer.example', 'zoe@customer.example', 'zoé 
zoe@customer.example', NULL, 'customer', '', '{}', '2026-11-30 10:25:49.168137', '2026-11-30 10:25:49.168137', NULL);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: -
--

SELECT pg_catalog.setval('auth.outbox_id_seq', 1, false);


--
-- Name: parked_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: -
--

SELECT pg_catalog.setval('auth.parked_id_seq', 1, false);


--
-- Name: departments_number_seq; Type: SEQUENCE SET; Schema: bots; Owner: -
--

SELECT pg_catalog.setval('bots.departments_number_seq', 3, true);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: bots; Owner: -
--

SELECT pg_catalog.setval('bots.outbox_id_seq', 1, true);


--
-- Name: parked_id_seq; Type: SEQUENCE SET; Schema: bots; Owner: -
--

SELECT pg_catalog.setval('bots.parked_id_seq', 1, false);


--
-- Name: chats_number_seq; Type: SEQUENCE SET; Schema: chats; Owner: -
--

SELECT pg_catalog.setval('chats.chats_number_seq', 5, true);


--
-- Name: documents_number_seq; Type: SEQUENCE SET; Schema: chats; Owner: -
--

SELECT pg_catalog.setval('chats.documents_number_seq', 1, false);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: chats; Owner: -
--

SELECT pg_catalog.setval('chats.outbox_id_seq', 9, true);


--
-- Name: parked_id_seq; Type: SEQUENCE SET; Schema: chats; Owner: -
--

SELECT pg_catalog.setval('chats.parked_id_seq', 1, false);


--
-- Name: participants_number_seq; Type: SEQUENCE SET; Schema: chats; Owner: -
--

SELECT pg_catalog.setval('chats.participants_number_seq', 11, true);


--
-- Name: message_numbers; Type: SEQUENCE SET; Schema: messages; Owner: -
--

SELECT pg_catalog.setval('messages.message_numbers', 7, true);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: messages; Owner: -
--

SELECT pg_catalog.setval('messages.outbox_id_seq', 10, true);


--
-- Name: parked_id_seq; Type: SEQUENCE SET; Schema: messages; Owner: -
--

SELECT pg_catalog.setval('messages.parked_id_seq', 1, false);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: realtime; Owner: -
--

SELECT pg_catalog.setval('realtime.outbox_id_seq', 1, false);


--
-- Name: parked_id_seq; Type: SEQUENCE SET; Schema: realtime; Owner: -
--

SELECT pg_catalog.setval('realtime.parked_id_seq', 1, false);


--
-- Name: book_entries_number_seq; Type: SEQUENCE SET; Schema: users; Owner: -
--

SELECT pg_catalog.setval('users.book_entries_number_seq', 1, false);


--
-- Name: companies_number_seq; Type: SEQUENCE SET; Schema: users; Owner: -
--

SELECT pg_catalog.setval('users.companies_number_seq', 1, false);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: users; Owner: -
--

SELECT pg_catalog.setval('users.outbox_id_seq', 1, false);


--
-- Name: parked_id_seq; Type: SEQUENCE SET; Schema: users; Owner: -
--

SELECT pg_catalog.setval('users.parked_id_seq', 1, false);


--
-- Name: partners_number_seq; Type: SEQUENCE SET; Schema: users; Owner: -
--

SELECT pg_catalog.setval('users.partners_number_seq', 1010, true);


--
-- Name: user_groups_number_seq; Type: SEQUENCE SET; Schema: users; Owner: -
--

SELECT pg_catalog.setval('users.user_groups_number_seq', 1, false);


--
-- Name: users_number_seq; Type: SEQUENCE SET; Schema: users; Owner: -
--

SELECT pg_catalog.setval('users.users_number_seq', 10, true);


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: chat_passwords chat_passwords_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.chat_passwords
    ADD CONSTRAINT chat_passwords_pkey PRIMARY KEY (chat_id);


--
-- Name: codes codes_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.codes
    ADD CONSTRAINT codes_pkey PRIMARY KEY (id);


--
-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (id);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);


--
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (scope, instance);


--
-- Name: invitations invitations_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);


--
-- Name: invitations invitations_secret_hash_key; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.invitations
    ADD CONSTRAINT invitations_secret_hash_key UNIQUE (secret_hash);


--
-- Name: invitations invitations_tenant_id_visitor_id_bot_id_key; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.invitations
    ADD CONSTRAINT invitations_tenant_id_visitor_id_bot_id_key UNIQUE (tenant_id, visitor_id, bot_id);


--
-- Name: jwt_keys jwt_keys_kid_key; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.jwt_keys
    ADD CONSTRAINT jwt_keys_kid_key UNIQUE (kid);


--
-- Name: jwt_keys jwt_keys_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.jwt_keys
    ADD CONSTRAINT jwt_keys_pkey PRIMARY KEY (generation);


--
-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (scope, partition);


--
-- Name: login_failures login_failures_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.login_failures
    ADD CONSTRAINT login_failures_pkey PRIMARY KEY (subject);


--
-- Name: logins logins_login_key_key; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.logins
    ADD CONSTRAINT logins_login_key_key UNIQUE (login_key);


--
-- Name: logins logins_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.logins
    ADD CONSTRAINT logins_pkey PRIMARY KEY (user_id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: outgoing outgoing_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.outgoing
    ADD CONSTRAINT outgoing_pkey PRIMARY KEY (id);


--
-- Name: parked_keys parked_keys_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.parked_keys
    ADD CONSTRAINT parked_keys_pkey PRIMARY KEY (consumer, order_key);


--
-- Name: parked parked_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (id);


--
-- Name: standing_tokens standing_tokens_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.standing_tokens
    ADD CONSTRAINT standing_tokens_pkey PRIMARY KEY (tenant_id, user_id, kind);


--
-- Name: tenants tenants_name_key_key; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.tenants
    ADD CONSTRAINT tenants_name_key_key UNIQUE (name_key);


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);


--
-- Name: tokens tokens_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);


--
-- Name: tokens tokens_secret_hash_key; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.tokens
    ADD CONSTRAINT tokens_secret_hash_key UNIQUE (secret_hash);


--
-- Name: tokens tokens_tenant_id_created_at_key; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.tokens
    ADD CONSTRAINT tokens_tenant_id_created_at_key UNIQUE (tenant_id, created_at);


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: attempts attempts_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (delivery, number);


--
-- Name: deliveries deliveries_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);


--
-- Name: department_agents department_agents_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.department_agents
    ADD CONSTRAINT department_agents_pkey PRIMARY KEY (department, user_id);


--
-- Name: departments departments_bot_user_key; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.departments
    ADD CONSTRAINT departments_bot_user_key UNIQUE (bot_user);


--
-- Name: departments departments_id_key; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.departments
    ADD CONSTRAINT departments_id_key UNIQUE (id);


--
-- Name: departments departments_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.departments
    ADD CONSTRAINT departments_pkey PRIMARY KEY (number);


--
-- Name: endpoint_changes endpoint_changes_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.endpoint_changes
    ADD CONSTRAINT endpoint_changes_pkey PRIMARY KEY (id);


--
-- Name: endpoint_secrets endpoint_secrets_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.endpoint_secrets
    ADD CONSTRAINT endpoint_secrets_pkey PRIMARY KEY (endpoint, place);


--
-- Name: endpoints endpoints_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.endpoints
    ADD CONSTRAINT endpoints_pkey PRIMARY KEY (id);


--
-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (tenant);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);


--
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (scope, instance);


--
-- Name: interaction_changes interaction_changes_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.interaction_changes
    ADD CONSTRAINT interaction_changes_pkey PRIMARY KEY (interaction, version);


--
-- Name: interactions interactions_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.interactions
    ADD CONSTRAINT interactions_pkey PRIMARY KEY (id);


--
-- Name: lanes lanes_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.lanes
    ADD CONSTRAINT lanes_pkey PRIMARY KEY (lane);


--
-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (scope, partition);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: parked_keys parked_keys_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.parked_keys
    ADD CONSTRAINT parked_keys_pkey PRIMARY KEY (consumer, order_key);


--
-- Name: parked parked_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (id);


--
-- Name: seats seats_pkey; Type: CONSTRAINT; Schema: bots; Owner: -
--

ALTER TABLE ONLY bots.seats
    ADD CONSTRAINT seats_pkey PRIMARY KEY (participation);


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: chats chats_id_key; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.chats
    ADD CONSTRAINT chats_id_key UNIQUE (id);


--
-- Name: chats chats_match_key_key; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.chats
    ADD CONSTRAINT chats_match_key_key UNIQUE (match_key);


--
-- Name: chats chats_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (number);


--
-- Name: chats chats_tenant_created_at_key; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.chats
    ADD CONSTRAINT chats_tenant_created_at_key UNIQUE (tenant, created_at);


--
-- Name: documents documents_chat_model_record_key; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.documents
    ADD CONSTRAINT documents_chat_model_record_key UNIQUE (chat, model, record);


--
-- Name: documents documents_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (number);


--
-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (tenant);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);


--
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (scope, instance);


--
-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (scope, partition);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: parked_keys parked_keys_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.parked_keys
    ADD CONSTRAINT parked_keys_pkey PRIMARY KEY (consumer, order_key);


--
-- Name: parked parked_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (id);


--
-- Name: participants participants_id_key; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.participants
    ADD CONSTRAINT participants_id_key UNIQUE (id);


--
-- Name: participants participants_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.participants
    ADD CONSTRAINT participants_pkey PRIMARY KEY (number);


--
-- Name: participants participants_user_id_joined_at_key; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.participants
    ADD CONSTRAINT participants_user_id_joined_at_key UNIQUE (user_id, joined_at);


--
-- Name: tenant_heads tenant_heads_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.tenant_heads
    ADD CONSTRAINT tenant_heads_pkey PRIMARY KEY (tenant);


--
-- Name: user_heads user_heads_pkey; Type: CONSTRAINT; Schema: chats; Owner: -
--

ALTER TABLE ONLY chats.user_heads
    ADD CONSTRAINT user_heads_pkey PRIMARY KEY (user_id);


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (tenant);


--
-- Name: heads heads_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.heads
    ADD CONSTRAINT heads_pkey PRIMARY KEY (chat);


--
-- Name: hidden_copies hidden_copies_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.hidden_copies
    ADD CONSTRAINT hidden_copies_pkey PRIMARY KEY (stay, number);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);


--
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (scope, instance);


--
-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (scope, partition);


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (chat_id, seq);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: parked_keys parked_keys_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.parked_keys
    ADD CONSTRAINT parked_keys_pkey PRIMARY KEY (consumer, order_key);


--
-- Name: parked parked_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (id);


--
-- Name: post_keys post_keys_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.post_keys
    ADD CONSTRAINT post_keys_pkey PRIMARY KEY (key);


--
-- Name: reads reads_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.reads
    ADD CONSTRAINT reads_pkey PRIMARY KEY (chat_id, user_id);


--
-- Name: tenant_days tenant_days_pkey; Type: CONSTRAINT; Schema: messages; Owner: -
--

ALTER TABLE ONLY messages.tenant_days
    ADD CONSTRAINT tenant_days_pkey PRIMARY KEY (tenant, day);


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: chat_copies chat_copies_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.chat_copies
    ADD CONSTRAINT chat_copies_pkey PRIMARY KEY (chat);


--
-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (tenant);


--
-- Name: feed feed_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (tenant, place);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);


--
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (scope, instance);


--
-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (scope, partition);


--
-- Name: members members_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (stay);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: parked_keys parked_keys_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.parked_keys
    ADD CONSTRAINT parked_keys_pkey PRIMARY KEY (consumer, order_key);


--
-- Name: parked parked_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (id);


--
-- Name: presence presence_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (user_id);


--
-- Name: tenant_heads tenant_heads_pkey; Type: CONSTRAINT; Schema: realtime; Owner: -
--

ALTER TABLE ONLY realtime.tenant_heads
    ADD CONSTRAINT tenant_heads_pkey PRIMARY KEY (tenant);


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: book_entries book_entries_owner_contact_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.book_entries
    ADD CONSTRAINT book_entries_owner_contact_key UNIQUE (owner, contact);


--
-- Name: book_entries book_entries_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.book_entries
    ADD CONSTRAINT book_entries_pkey PRIMARY KEY (number);


--
-- Name: companies companies_id_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.companies
    ADD CONSTRAINT companies_id_key UNIQUE (id);


--
-- Name: companies companies_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.companies
    ADD CONSTRAINT companies_pkey PRIMARY KEY (number);


--
-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (tenant);


--
-- Name: external_ids external_ids_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.external_ids
    ADD CONSTRAINT external_ids_pkey PRIMARY KEY (tenant, surface, external_key);


--
-- Name: group_members group_members_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.group_members
    ADD CONSTRAINT group_members_pkey PRIMARY KEY (group_id, user_id);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);


--
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (scope, instance);


--
-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (scope, partition);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: parked_keys parked_keys_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.parked_keys
    ADD CONSTRAINT parked_keys_pkey PRIMARY KEY (consumer, order_key);


--
-- Name: parked parked_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (id);


--
-- Name: partners partners_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.partners
    ADD CONSTRAINT partners_pkey PRIMARY KEY (number);


--
-- Name: partners partners_user_id_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.partners
    ADD CONSTRAINT partners_user_id_key UNIQUE (user_id);


--
-- Name: tenant_heads tenant_heads_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.tenant_heads
    ADD CONSTRAINT tenant_heads_pkey PRIMARY KEY (tenant);


--
-- Name: user_groups user_groups_id_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.user_groups
    ADD CONSTRAINT user_groups_id_key UNIQUE (id);


--
-- Name: user_groups user_groups_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.user_groups
    ADD CONSTRAINT user_groups_pkey PRIMARY KEY (number);


--
-- Name: users users_id_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_id_key UNIQUE (id);


--
-- Name: users users_idsha_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_idsha_key UNIQUE (idsha);


--
-- Name: users users_partner_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_partner_key UNIQUE (partner);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (number);


--
-- Name: users users_tenant_created_at_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_tenant_created_at_key UNIQUE (tenant, created_at);


--
-- Name: users users_tenant_email_key_key; Type: CONSTRAINT; Schema: users; Owner: -
--

ALTER TABLE ONLY users.users
    ADD CONSTRAINT users_tenant_email_key_key UNIQUE (tenant, email_key);


--
-- Name: chat_passwords_tenant; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX chat_passwords_tenant ON auth.chat_passwords USING btree (tenant_id);


--
-- Name: codes_address; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX codes_address ON auth.codes USING btree (address_hash, created_at);


--
-- Name: codes_tenant; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX codes_tenant ON auth.codes USING btree (tenant_id, user_id);


--
-- Name: erasures_tenant; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX erasures_tenant ON auth.erasures USING btree (tenant_id);


--
-- Name: idempotency_created_at; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX idempotency_created_at ON auth.idempotency USING btree (created_at);


--
-- Name: inbox_seen_at; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX inbox_seen_at ON auth.inbox USING btree (seen_at);


--
-- Name: invitations_bot; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX invitations_bot ON auth.invitations USING btree (bot_id);


--
-- Name: invitations_visitor; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX invitations_visitor ON auth.invitations USING btree (visitor_id);


--
-- Name: login_failures_since; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX login_failures_since ON auth.login_failures USING btree (since);


--
-- Name: logins_tenant; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX logins_tenant ON auth.logins USING btree (tenant_id);


--
-- Name: outbox_unpublished; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX outbox_unpublished ON auth.outbox USING btree (published_at, id, partition) WHERE (published_at IS NULL);


--
-- Name: outgoing_due; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX outgoing_due ON auth.outgoing USING btree (due_at);


--
-- Name: outgoing_tenant; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX outgoing_tenant ON auth.outgoing USING btree (tenant_id, user_id);


--
-- Name: parked_key; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX parked_key ON auth.parked USING btree (consumer, order_key, id);


--
-- Name: tokens_user; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX tokens_user ON auth.tokens USING btree (user_id);


--
-- Name: deliveries_chat; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX deliveries_chat ON bots.deliveries USING btree (chat, id) WHERE (chat IS NOT NULL);


--
-- Name: deliveries_endpoint; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX deliveries_endpoint ON bots.deliveries USING btree (endpoint, id);


--
-- Name: deliveries_interaction; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX deliveries_interaction ON bots.deliveries USING btree (interaction, id) WHERE (interaction IS NOT NULL);


--
-- Name: deliveries_lane; Type: INDEX; Schema: bots; Owner: -
--

CREATE UNIQUE INDEX deliveries_lane ON bots.deliveries USING btree (lane, place);


--
-- Name: deliveries_message; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX deliveries_message ON bots.deliveries USING btree (message, id) WHERE (message IS NOT NULL);


--
-- Name: deliveries_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX deliveries_tenant ON bots.deliveries USING btree (tenant, id);


--
-- Name: deliveries_undelivered; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX deliveries_undelivered ON bots.deliveries USING btree (tenant, state, id) WHERE (state <> 'delivered'::text);


--
-- Name: department_agents_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX department_agents_tenant ON bots.department_agents USING btree (tenant);


--
-- Name: department_agents_user; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX department_agents_user ON bots.department_agents USING btree (user_id);


--
-- Name: departments_leaving; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX departments_leaving ON bots.departments USING btree (number) WHERE (bot_leaving IS NOT NULL);


--
-- Name: departments_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX departments_tenant ON bots.departments USING btree (tenant, id);


--
-- Name: endpoints_change; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX endpoints_change ON bots.endpoints USING btree (change);


--
-- Name: endpoints_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX endpoints_tenant ON bots.endpoints USING btree (tenant, id);


--
-- Name: idempotency_created_at; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX idempotency_created_at ON bots.idempotency USING btree (created_at);


--
-- Name: inbox_seen_at; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX inbox_seen_at ON bots.inbox USING btree (seen_at);


--
-- Name: interaction_changes_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interaction_changes_tenant ON bots.interaction_changes USING btree (tenant);


--
-- Name: interactions_chat; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interactions_chat ON bots.interactions USING btree (chat, id);


--
-- Name: interactions_customer; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interactions_customer ON bots.interactions USING btree (customer) WHERE ((finished_at IS NULL) AND (customer IS NOT NULL));


--
-- Name: interactions_open; Type: INDEX; Schema: bots; Owner: -
--

CREATE UNIQUE INDEX interactions_open ON bots.interactions USING btree (chat) WHERE (finished_at IS NULL);


--
-- Name: interactions_queue; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interactions_queue ON bots.interactions USING btree (department, changed_at, id) WHERE (state = 'queued'::text);


--
-- Name: interactions_state; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interactions_state ON bots.interactions USING btree (tenant, state, id);


--
-- Name: interactions_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interactions_tenant ON bots.interactions USING btree (tenant, id);


--
-- Name: interactions_untold; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interactions_untold ON bots.interactions USING btree (changed_at) WHERE (told_version < version);


--
-- Name: interactions_user; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX interactions_user ON bots.interactions USING btree (user_id) WHERE (finished_at IS NULL);


--
-- Name: lanes_due; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX lanes_due ON bots.lanes USING btree (due_at) WHERE (due_at IS NOT NULL);


--
-- Name: lanes_endpoint; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX lanes_endpoint ON bots.lanes USING btree (endpoint);


--
-- Name: lanes_failing; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX lanes_failing ON bots.lanes USING btree (failing_since) WHERE ((failing_since IS NOT NULL) AND (interaction IS NOT NULL));


--
-- Name: lanes_interaction; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX lanes_interaction ON bots.lanes USING btree (interaction) WHERE (interaction IS NOT NULL);


--
-- Name: lanes_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX lanes_tenant ON bots.lanes USING btree (tenant);


--
-- Name: outbox_unpublished; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX outbox_unpublished ON bots.outbox USING btree (published_at, id, partition) WHERE (published_at IS NULL);


--
-- Name: parked_key; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX parked_key ON bots.parked USING btree (consumer, order_key, id);


--
-- Name: seats_chat; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX seats_chat ON bots.seats USING btree (chat);


--
-- Name: seats_tenant; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX seats_tenant ON bots.seats USING btree (tenant);


--
-- Name: seats_user; Type: INDEX; Schema: bots; Owner: -
--

CREATE INDEX seats_user ON bots.seats USING btree (user_id);


--
-- Name: chats_group_id; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX chats_group_id ON chats.chats USING btree (group_id);


--
-- Name: chats_owner; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX chats_owner ON chats.chats USING btree (owner);


--
-- Name: chats_tenant_active_at; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX chats_tenant_active_at ON chats.chats USING btree (tenant, active_at);


--
-- Name: chats_tenant_id; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX chats_tenant_id ON chats.chats USING btree (tenant, id);


--
-- Name: chats_tenant_number; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX chats_tenant_number ON chats.chats USING btree (tenant, number);


--
-- Name: idempotency_created_at; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX idempotency_created_at ON chats.idempotency USING btree (created_at);


--
-- Name: inbox_seen_at; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX inbox_seen_at ON chats.inbox USING btree (seen_at);


--
-- Name: outbox_unpublished; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX outbox_unpublished ON chats.outbox USING btree (published_at, id, partition) WHERE (published_at IS NULL);


--
-- Name: parked_key; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX parked_key ON chats.parked USING btree (consumer, order_key, id);


--
-- Name: participants_chat; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX participants_chat ON chats.participants USING btree (chat, "position");


--
-- Name: participants_living; Type: INDEX; Schema: chats; Owner: -
--

CREATE UNIQUE INDEX participants_living ON chats.participants USING btree (chat, user_id) WHERE (left_at IS NULL);


--
-- Name: user_heads_tenant; Type: INDEX; Schema: chats; Owner: -
--

CREATE INDEX user_heads_tenant ON chats.user_heads USING btree (tenant);


--
-- Name: heads_tenant; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX heads_tenant ON messages.heads USING btree (tenant);


--
-- Name: hidden_copies_number; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX hidden_copies_number ON messages.hidden_copies USING btree (number);


--
-- Name: idempotency_created_at; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX idempotency_created_at ON messages.idempotency USING btree (created_at);


--
-- Name: inbox_seen_at; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX inbox_seen_at ON messages.inbox USING btree (seen_at);


--
-- Name: messages_author; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX messages_author ON messages.messages USING btree (chat_id, author, seq);


--
-- Name: messages_created_at; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX messages_created_at ON messages.messages USING btree (chat_id, created_at);


--
-- Name: messages_id; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX messages_id ON messages.messages USING btree (id);


--
-- Name: messages_number; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX messages_number ON messages.messages USING btree (number);


--
-- Name: outbox_unpublished; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX outbox_unpublished ON messages.outbox USING btree (published_at, id, partition) WHERE (published_at IS NULL);


--
-- Name: parked_key; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX parked_key ON messages.parked USING btree (consumer, order_key, id);


--
-- Name: post_keys_chat; Type: INDEX; Schema: messages; Owner: -
--

CREATE INDEX post_keys_chat ON messages.post_keys USING btree (chat_id);


--
-- Name: chat_copies_tenant; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX chat_copies_tenant ON realtime.chat_copies USING btree (tenant);


--
-- Name: feed_passing; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX feed_passing ON realtime.feed USING btree (passing_until) WHERE (passing_until IS NOT NULL);


--
-- Name: idempotency_created_at; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX idempotency_created_at ON realtime.idempotency USING btree (created_at);


--
-- Name: inbox_seen_at; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX inbox_seen_at ON realtime.inbox USING btree (seen_at);


--
-- Name: members_chat; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX members_chat ON realtime.members USING btree (chat);


--
-- Name: members_user; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX members_user ON realtime.members USING btree (user_id);


--
-- Name: outbox_unpublished; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX outbox_unpublished ON realtime.outbox USING btree (published_at, id, partition) WHERE (published_at IS NULL);


--
-- Name: parked_key; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX parked_key ON realtime.parked USING btree (consumer, order_key, id);


--
-- Name: presence_tenant; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX presence_tenant ON realtime.presence USING btree (tenant);


--
-- Name: presence_there; Type: INDEX; Schema: realtime; Owner: -
--

CREATE INDEX presence_there ON realtime.presence USING btree (seen_at) WHERE (stands <> 'offline'::text);


--
-- Name: book_entries_contact; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX book_entries_contact ON users.book_entries USING btree (contact);


--
-- Name: book_entries_owner; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX book_entries_owner ON users.book_entries USING btree (owner, number);


--
-- Name: companies_tenant_number; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX companies_tenant_number ON users.companies USING btree (tenant, number);


--
-- Name: external_ids_user_id; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX external_ids_user_id ON users.external_ids USING btree (user_id);


--
-- Name: group_members_user_id; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX group_members_user_id ON users.group_members USING btree (user_id);


--
-- Name: idempotency_created_at; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX idempotency_created_at ON users.idempotency USING btree (created_at);


--
-- Name: inbox_seen_at; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX inbox_seen_at ON users.inbox USING btree (seen_at);


--
-- Name: outbox_unpublished; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX outbox_unpublished ON users.outbox USING btree (published_at, id, partition) WHERE (published_at IS NULL);


--
-- Name: parked_key; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX parked_key ON users.parked USING btree (consumer, order_key, id);


--
-- Name: user_groups_tenant_id; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX user_groups_tenant_id ON users.user_groups USING btree (tenant, id);


--
-- Name: users_tenant_id; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX users_tenant_id ON users.users USING btree (tenant, id);


--
-- Name: users_tenant_phone; Type: INDEX; Schema: users; Owner: -
--

CREATE INDEX users_tenant_phone ON users.users USING btree (tenant, phone);


--
-- PostgreSQL database dump complete
--


