-- Messages' integer ids: one row, the last one drawn. A sequence on PostgreSQL.
CREATE TABLE message_numbers (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO message_numbers (id, last) VALUES (1, 0);

-- One row a chat that has messages: its last place. Whoever writes into a chat locks it.
CREATE TABLE heads (
    chat BLOB NOT NULL PRIMARY KEY CHECK (length(chat) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    last_seq BIGINT NOT NULL,
    last_at TIMESTAMP
) WITHOUT ROWID;
-- For erasing a tenant.
CREATE INDEX heads_tenant ON heads (tenant);

-- No unique key but the first: hash partitions by chat then need no rewrite. `id` and `number` are unique by how they
-- are made.
CREATE TABLE messages (
    chat_id BLOB NOT NULL CHECK (length(chat_id) = 16),
    seq BIGINT NOT NULL CHECK (seq > 0),
    id BLOB NOT NULL CHECK (length(id) = 16),
    number BIGINT NOT NULL,
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    -- NULL: the system.
    author BLOB CHECK (length(author) = 16),
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
) WITHOUT ROWID;
CREATE INDEX messages_id ON messages (id);
CREATE INDEX messages_number ON messages (number);
CREATE INDEX messages_created_at ON messages (chat_id, created_at);

-- Idempotency keys of posts and edits, each with its message.
CREATE TABLE post_keys (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    body BLOB NOT NULL CHECK (length(body) = 32),
    chat_id BLOB NOT NULL CHECK (length(chat_id) = 16),
    -- 0 within the transaction that makes the message.
    seq BIGINT NOT NULL
) WITHOUT ROWID;
-- For erasing a tenant.
CREATE INDEX post_keys_chat ON post_keys (chat_id);

-- How far a user has read a chat.
CREATE TABLE reads (
    chat_id BLOB NOT NULL CHECK (length(chat_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (chat_id, user_id)
) WITHOUT ROWID;

-- Messages taken out of one room, which is one stay of a user in a chat.
CREATE TABLE hidden_copies (
    stay BLOB NOT NULL CHECK (length(stay) = 16),
    number BIGINT NOT NULL,
    hidden_at TIMESTAMP NOT NULL,
    PRIMARY KEY (stay, number)
) WITHOUT ROWID;
-- For erasing a tenant.
CREATE INDEX hidden_copies_number ON hidden_copies (number);

-- Tenants whose messages are being erased.
CREATE TABLE erasures (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    asked_at TIMESTAMP NOT NULL
) WITHOUT ROWID;
