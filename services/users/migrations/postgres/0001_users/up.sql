-- The tenants this service knows: each writer of a tenant takes its row, so that times and events of a tenant rise together.
CREATE TABLE tenant_heads (
    tenant BYTEA PRIMARY KEY CHECK (octet_length(tenant) = 16),
    -- The newest user's `created_at`.
    last_created_at TIMESTAMP NOT NULL
);

-- Odoo's partner numbers: a count of their own, begun elsewhere, so that nobody takes one for a user's number.
CREATE TABLE partners (
    number BIGSERIAL PRIMARY KEY,
    user_id BYTEA NOT NULL UNIQUE CHECK (octet_length(user_id) = 16)
);
ALTER SEQUENCE partners_number_seq RESTART WITH 1001;

CREATE TABLE users (
    number BIGSERIAL PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE CHECK (octet_length(id) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    partner BIGINT NOT NULL UNIQUE,
    idsha TEXT NOT NULL UNIQUE CHECK (length(idsha) = 40),
    name TEXT NOT NULL,
    surname TEXT,
    email TEXT,
    -- The e-mail without case while the user lives; NULL frees it.
    email_key TEXT,
    -- Name, surname and e-mail without case: what a search looks into.
    search_key TEXT NOT NULL,
    phone TEXT,
    role TEXT NOT NULL CHECK (role IN ('agent', 'manager', 'admin', 'customer', 'bot')),
    detail TEXT NOT NULL,
    -- A JSON object.
    extras TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP,
    UNIQUE (tenant, email_key),
    UNIQUE (tenant, created_at)
);
CREATE INDEX users_tenant_id ON users (tenant, id);
CREATE INDEX users_tenant_phone ON users (tenant, phone);

-- Ids that vendors' clients chose themselves.
CREATE TABLE external_ids (
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    surface TEXT NOT NULL,
    -- SHA-256 of the id: it may be longer than an index takes.
    external_key BYTEA NOT NULL CHECK (octet_length(external_key) = 32),
    user_id BYTEA NOT NULL CHECK (octet_length(user_id) = 16),
    PRIMARY KEY (tenant, surface, external_key)
);
CREATE INDEX external_ids_user_id ON external_ids (user_id);

CREATE TABLE user_groups (
    number BIGSERIAL PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE CHECK (octet_length(id) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX user_groups_tenant_id ON user_groups (tenant, id);

CREATE TABLE group_members (
    group_id BYTEA NOT NULL CHECK (octet_length(group_id) = 16),
    user_id BYTEA NOT NULL CHECK (octet_length(user_id) = 16),
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user_id ON group_members (user_id);

-- Deleted tenants whose rows are still to be erased.
CREATE TABLE erasures (
    tenant BYTEA PRIMARY KEY CHECK (octet_length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
