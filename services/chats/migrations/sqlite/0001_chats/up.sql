-- The tenants this service knows. Who makes a chat or adds somebody takes the tenant's row: times rise, and nobody makes
-- the same direct chat in between.
CREATE TABLE tenant_heads (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    -- The newest chat's `created_at`.
    last_created_at TIMESTAMP NOT NULL
);

-- When each user joined a chat the last time, so that the times of their rooms rise strictly. Guarded by the tenant's row.
CREATE TABLE user_heads (
    user_id BLOB NOT NULL PRIMARY KEY CHECK (length(user_id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    last_joined_at TIMESTAMP NOT NULL
);
CREATE INDEX user_heads_tenant ON user_heads (tenant);

CREATE TABLE chats (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('direct', 'group', 'support')),
    title TEXT,
    detail TEXT NOT NULL,
    owner BLOB CHECK (length(owner) = 16),
    creator BLOB CHECK (length(creator) = 16),
    -- Hash of who takes part, while the chat is the one these people have; NULL once it is deleted or they change.
    match_key BLOB UNIQUE CHECK (length(match_key) = 32),
    -- Rises with every change.
    version BIGINT NOT NULL,
    -- A JSON object.
    extras TEXT NOT NULL,
    -- The newest message, as the events tell.
    last_message BLOB CHECK (length(last_message) = 16),
    last_seq BIGINT,
    last_at TIMESTAMP,
    -- `last_at`, else `created_at`.
    active_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP,
    UNIQUE (tenant, created_at)
);
CREATE INDEX chats_tenant_id ON chats (tenant, id);
CREATE INDEX chats_tenant_active_at ON chats (tenant, active_at);
CREATE INDEX chats_owner ON chats (owner);

-- The stays of users in chats, ended ones too.
CREATE TABLE participants (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    chat BLOB NOT NULL CHECK (length(chat) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    state TEXT NOT NULL CHECK (state IN ('open', 'folded', 'closed')),
    position BIGINT NOT NULL,
    joined_at TIMESTAMP NOT NULL,
    joined_seq BIGINT NOT NULL,
    left_at TIMESTAMP,
    left_seq BIGINT,
    dropped_at TIMESTAMP,
    UNIQUE (user_id, joined_at)
);
-- One stay at a time.
CREATE UNIQUE INDEX participants_living ON participants (chat, user_id) WHERE left_at IS NULL;
CREATE INDEX participants_chat ON participants (chat, position);

-- Deleted tenants whose rows are still to be erased.
CREATE TABLE erasures (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
