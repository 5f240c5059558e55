-- Credentials may be confined to one chat. Which kinds there are, the code says: a list here would have to be rebuilt for
-- each new one, which on SQLite means the table.
ALTER TABLE tokens DROP CONSTRAINT tokens_kind_check;
-- The one chat it reaches.
ALTER TABLE tokens ADD COLUMN chat_id BYTEA CHECK (octet_length(chat_id) = 16);

-- Chats whose password was asked for. The password is derived from the chat and the generation under `key_id`.
CREATE TABLE chat_passwords (
    chat_id BYTEA PRIMARY KEY CHECK (octet_length(chat_id) = 16),
    tenant_id BYTEA NOT NULL CHECK (octet_length(tenant_id) = 16),
    key_id TEXT NOT NULL,
    generation BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX chat_passwords_tenant ON chat_passwords (tenant_id);

-- Codes that were mailed. A code is derived from the id under `key_id`; a keyed hash of it is what a try is compared with.
CREATE TABLE codes (
    id BYTEA PRIMARY KEY CHECK (octet_length(id) = 16),
    tenant_id BYTEA NOT NULL CHECK (octet_length(tenant_id) = 16),
    chat_id BYTEA NOT NULL CHECK (octet_length(chat_id) = 16),
    user_id BYTEA NOT NULL CHECK (octet_length(user_id) = 16),
    -- Hash of the tenant and the address without case.
    address_hash BYTEA NOT NULL CHECK (octet_length(address_hash) = 32),
    code_hash BYTEA NOT NULL CHECK (octet_length(code_hash) = 32),
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
