-- Tenants. `name_key` is the name without case; NULL once the tenant is deleted, so that the name is free again.
-- `last_token_us` is the tenant's head: tokens take their strictly rising created_at from it.
CREATE TABLE tenants (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    name_key TEXT UNIQUE,
    admin_id BLOB NOT NULL CHECK (length(admin_id) = 16),
    bot_id BLOB NOT NULL CHECK (length(bot_id) = 16),
    -- The instance key that the first password was derived with.
    key_id TEXT NOT NULL,
    last_token_us BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP
);

-- One login per user, unique in the instance. A new password is a new generation, which ends the user's sessions.
CREATE TABLE logins (
    user_id BLOB NOT NULL PRIMARY KEY CHECK (length(user_id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    login TEXT NOT NULL,
    login_key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    generation BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX logins_tenant ON logins (tenant_id);

-- Failed log-ins within a minute, by the hash of a login or of an address.
CREATE TABLE login_failures (
    subject BLOB NOT NULL PRIMARY KEY CHECK (length(subject) = 32),
    since TIMESTAMP NOT NULL,
    failed BIGINT NOT NULL
);
CREATE INDEX login_failures_since ON login_failures (since);

-- Credentials. The secret is derived from (kind, id, generation) under the instance key `key_id`; only its hash is here.
CREATE TABLE tokens (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('imbee_authorization', 'imbee_corporate', 'imbee_user', 'imbee_visit', 'zenvia',
        'voipbin_access_key', 'connectnow', 'operator')),
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
    UNIQUE (tenant_id, created_at)
);
CREATE INDEX tokens_user ON tokens (user_id);

-- The one credential of a kind that a user keeps until it is revoked.
CREATE TABLE standing_tokens (
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('imbee_user', 'imbee_visit')),
    token_id BLOB NOT NULL CHECK (length(token_id) = 16),
    generation BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, kind)
);

-- Keys that sign sessions: derived from `kid` under the instance key `key_id`. The highest generation signs.
CREATE TABLE jwt_keys (
    generation BIGINT NOT NULL PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);

-- One per visitor and bot. A later last day makes another secret: the next generation.
CREATE TABLE invitations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    visitor_id BLOB NOT NULL CHECK (length(visitor_id) = 16),
    bot_id BLOB NOT NULL CHECK (length(bot_id) = 16),
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    key_id TEXT NOT NULL,
    generation BIGINT NOT NULL,
    max_uses BIGINT NOT NULL CHECK (max_uses > 0),
    uses BIGINT NOT NULL CHECK (uses >= 0),
    last_day DATE NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, visitor_id, bot_id)
);
CREATE INDEX invitations_visitor ON invitations (visitor_id);
CREATE INDEX invitations_bot ON invitations (bot_id);

-- Mail and SMS not yet sent. Claiming a row moves its `due_at` behind the lease. The secret of the invitation is not in
-- the body: it is put in when the row is sent.
CREATE TABLE outgoing (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms')),
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    invitation_id BLOB NOT NULL CHECK (length(invitation_id) = 16),
    generation BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX outgoing_due ON outgoing (due_at);
CREATE INDEX outgoing_tenant ON outgoing (tenant_id, user_id);

-- Deleted tenants and users of which something is still to be erased. No user means the whole tenant.
CREATE TABLE erasures (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    user_id BLOB CHECK (length(user_id) = 16),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX erasures_tenant ON erasures (tenant_id);
