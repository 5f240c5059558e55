-- Where each tenant's feed stands. Who appends to a feed holds its row: offsets rise in the order of commits.
CREATE TABLE tenant_heads (
    tenant BYTEA PRIMARY KEY CHECK (octet_length(tenant) = 16),
    -- The newest place; 0 when nothing happened yet.
    head BIGINT NOT NULL,
    -- Everything behind this place is still there.
    kept_after BIGINT NOT NULL
);

CREATE TABLE feed (
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    place BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    chat BYTEA CHECK (octet_length(chat) = 16),
    -- Who may see it: sorted user ids, 16 bytes each.
    audience BYTEA NOT NULL,
    -- Only of the moment: not shown any more from here on.
    passing_until TIMESTAMP,
    -- What happened, as JSON.
    what TEXT NOT NULL,
    PRIMARY KEY (tenant, place)
);
CREATE INDEX feed_passing ON feed (passing_until) WHERE passing_until IS NOT NULL;

-- The chats whose members are known here, and how new that knowledge is.
CREATE TABLE chat_copies (
    chat BYTEA PRIMARY KEY CHECK (octet_length(chat) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    -- The chat's membership version at that time, or an earlier one.
    version BIGINT NOT NULL
);
CREATE INDEX chat_copies_tenant ON chat_copies (tenant);

-- The stays of users in chats, ended ones too: what comes behind joined_seq, up to left_seq, is theirs to see.
CREATE TABLE members (
    stay BYTEA PRIMARY KEY CHECK (octet_length(stay) = 16),
    chat BYTEA NOT NULL CHECK (octet_length(chat) = 16),
    user_id BYTEA NOT NULL CHECK (octet_length(user_id) = 16),
    joined_seq BIGINT NOT NULL,
    left_seq BIGINT
);
CREATE INDEX members_chat ON members (chat);
CREATE INDEX members_user ON members (user_id);

-- Who was ever there.
CREATE TABLE presence (
    user_id BYTEA PRIMARY KEY CHECK (octet_length(user_id) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    -- As it was told last.
    stands TEXT NOT NULL CHECK (stands IN ('online', 'away', 'offline')),
    -- The last sign of a stream or poll; kept to a few seconds.
    seen_at TIMESTAMP NOT NULL,
    -- The last time they did something; kept to a few seconds.
    active_at TIMESTAMP NOT NULL
);
CREATE INDEX presence_tenant ON presence (tenant);
CREATE INDEX presence_there ON presence (seen_at) WHERE stands <> 'offline';

-- Deleted tenants whose rows are still to be erased.
CREATE TABLE erasures (
    tenant BYTEA PRIMARY KEY CHECK (octet_length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
