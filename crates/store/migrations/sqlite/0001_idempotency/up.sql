-- The answers to requests that carry an idempotency key. `key` is a hash of principal, route and the client's key.
CREATE TABLE idempotency (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
    -- JSON; NULL while the request has no answer yet.
    answer TEXT,
    created_at TIMESTAMP NOT NULL
) WITHOUT ROWID;
-- For forgetting old answers.
CREATE INDEX idempotency_created_at ON idempotency (created_at);
