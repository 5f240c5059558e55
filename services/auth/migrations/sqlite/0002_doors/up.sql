-- Credentials may be confined to one chat. Which kinds there are, the code says: a list here would have to be rebuilt for
-- each new one, which on SQLite means the table.
CREATE TABLE tokens_next (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    kind TEXT NOT NULL,
    user_id BLOB CHECK (length(user_id) = 16),
    name TEXT NOT NULL,
    detail TEXT NOT NULL,
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    prefix TEXT NOT NULL,
    key_id TEXT NOT NULL,
    generation BIGINT NOT NULL,
    may_read BOOLEAN NOT NULL,
    may_write BOOLEAN NOT NULL,
    -- The idempotency key it was made under: that row goes with the tenant.
    request_key BLOB,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    -- The one chat it reaches.
    chat_id BLOB CHECK (length(chat_id) = 16),
    UNIQUE (tenant_id, created_at)
);
INSERT INTO tokens_next (id, tenant_id, kind, user_id, name, detail, secret_hash, prefix, key_id, generation, may_read,
        may_write, request_key, created_at, updated_at, expires_at, last_used_at, revoked_at)
    SELECT id, tenant_id, kind, user_id, name, detail, secret_hash, prefix, key_id, generation, may_read,
        may_write, request_key, created_at, updated_at, expires_at, last_used_at, revoked_at FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_next RENAME TO tokens;
CREATE INDEX tokens_user ON tokens (user_id);

-- Chats whose password was asked for. The password is derived from the chat and the generation under `key_id`.
CREATE TABLE chat_passwords (
    chat_id BLOB NOT NULL PRIMARY KEY CHECK (length(chat_id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    key_id TEXT NOT NULL,
    generation BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX chat_passwords_tenant ON chat_passwords (tenant_id);

-- Codes that were mailed. A code is derived from the id under `key_id`; a keyed hash of it is what a try is compared with.
CREATE TABLE codes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    chat_id BLOB NOT NULL CHECK (length(chat_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    -- Hash of the tenant and the address without case.
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    key_id TEXT NOT NULL,
    tries BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX codes_address ON codes (address_hash, created_at);
CREATE INDEX codes_tenant ON codes (tenant_id, user_id);

-- What the secret in an outgoing body is: an invitation's, or a code; `invitation_id` is the id of the one or the other.
ALTER TABLE outgoing ADD COLUMN secret_of TEXT NOT NULL DEFAULT 'invitation' CHECK (secret_of IN ('invitation', 'code'));
