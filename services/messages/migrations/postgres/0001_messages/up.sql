-- Messages' integer ids. Drawn while the chat's head is locked, so that they rise with `seq` within a chat.
CREATE SEQUENCE message_numbers AS BIGINT;

-- One row a chat that has messages: its last place. Whoever writes into a chat locks it.
CREATE TABLE heads (
    chat BYTEA PRIMARY KEY CHECK (octet_length(chat) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    last_seq BIGINT NOT NULL,
    last_at TIMESTAMP
) WITH (fillfactor = 50);
-- For erasing a tenant.
CREATE INDEX heads_tenant ON heads (tenant);

-- No unique key but the first: hash partitions by chat then need no rewrite. `id` and `number` are unique by how they
-- are made.
CREATE TABLE messages (
    chat_id BYTEA NOT NULL CHECK (octet_length(chat_id) = 16),
    seq BIGINT NOT NULL CHECK (seq > 0),
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    number BIGINT NOT NULL,
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    -- NULL: the system.
    author BYTEA CHECK (octet_length(author) = 16),
    origin TEXT NOT NULL CHECK (origin IN ('imbee', 'zenvia', 'voipbin', 'connectnow', 'odoo', 'operator', 'native')),
    kind TEXT NOT NULL CHECK (kind IN ('text', 'media', 'system')),
    -- NULL: without words, or deleted.
    text TEXT,
    -- JSON; NULL: none.
    media TEXT,
    extras TEXT,
    -- The membership version the author was checked against.
    membership_version BIGINT NOT NULL,
    -- Rises strictly with `seq` within a chat.
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    edited_at TIMESTAMP,
    deleted_at TIMESTAMP,
    PRIMARY KEY (chat_id, seq)
);
CREATE INDEX messages_id ON messages (id);
CREATE INDEX messages_number ON messages (number);
CREATE INDEX messages_created_at ON messages (chat_id, created_at);

-- Idempotency keys of posts and edits, each with its message.
CREATE TABLE post_keys (
    key BYTEA PRIMARY KEY CHECK (octet_length(key) = 32),
    body BYTEA NOT NULL CHECK (octet_length(body) = 32),
    chat_id BYTEA NOT NULL CHECK (octet_length(chat_id) = 16),
    -- 0 within the transaction that makes the message.
    seq BIGINT NOT NULL
);
-- For erasing a tenant.
CREATE INDEX post_keys_chat ON post_keys (chat_id);

-- How far a user has read a chat.
CREATE TABLE reads (
    chat_id BYTEA NOT NULL CHECK (octet_length(chat_id) = 16),
    user_id BYTEA NOT NULL CHECK (octet_length(user_id) = 16),
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (chat_id, user_id)
);

-- Messages taken out of one room, which is one stay of a user in a chat.
CREATE TABLE hidden_copies (
    stay BYTEA NOT NULL CHECK (octet_length(stay) = 16),
    number BIGINT NOT NULL,
    hidden_at TIMESTAMP NOT NULL,
    PRIMARY KEY (stay, number)
);
-- For erasing a tenant.
CREATE INDEX hidden_copies_number ON hidden_copies (number);

-- Tenants whose messages are being erased.
CREATE TABLE erasures (
    tenant BYTEA PRIMARY KEY CHECK (octet_length(tenant) = 16),
    asked_at TIMESTAMP NOT NULL
);
