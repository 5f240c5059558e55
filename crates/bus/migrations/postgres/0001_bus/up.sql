-- Events of this service, written in the transaction of the data they tell about.
CREATE TABLE outbox (
    id BIGSERIAL PRIMARY KEY,
    event_id BYTEA NOT NULL CHECK (octet_length(event_id) = 16),
    event_type TEXT NOT NULL,
    version BIGINT NOT NULL,
    partition BIGINT NOT NULL CHECK (partition BETWEEN 0 AND 15),
    -- The chat or tenant whose events keep their order.
    order_key BYTEA NOT NULL CHECK (octet_length(order_key) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    payload BYTEA NOT NULL,
    traceparent TEXT,
    occurred_at TIMESTAMP NOT NULL,
    -- NULL while somebody who subscribes may not have it.
    published_at TIMESTAMP
);
-- Begins with a column that is NULL throughout: a query ordered by (published_at, id) can then use no other index, and the
-- planner cannot choose to walk through the published rows of three days.
CREATE INDEX outbox_unpublished ON outbox (published_at, id, partition) WHERE published_at IS NULL;
-- Every row is updated once, soon: dead entries of the index above are what slows its head down.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- Events a consumer group of this database has finished or parked: what makes consumers idempotent.
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id BYTEA NOT NULL CHECK (octet_length(event_id) = 16),
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
-- For forgetting.
CREATE INDEX inbox_seen_at ON inbox (seen_at);

-- Who works on which partition. `scope` names the relay or the consumer group; times are the database's, in microseconds.
CREATE TABLE leases (
    scope TEXT NOT NULL,
    partition BIGINT NOT NULL CHECK (partition BETWEEN 0 AND 15),
    holder BYTEA CHECK (octet_length(holder) = 16),
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (scope, partition)
);

-- The live instances of each scope: they share the partitions evenly.
CREATE TABLE instances (
    scope TEXT NOT NULL,
    instance BYTEA NOT NULL CHECK (octet_length(instance) = 16),
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (scope, instance)
);

-- Events a consumer rejected, and the later ones of the same key, in order.
CREATE TABLE parked (
    id BIGSERIAL PRIMARY KEY,
    consumer TEXT NOT NULL,
    event_id BYTEA NOT NULL CHECK (octet_length(event_id) = 16),
    event_type TEXT NOT NULL,
    version BIGINT NOT NULL,
    partition BIGINT NOT NULL CHECK (partition BETWEEN 0 AND 15),
    order_key BYTEA NOT NULL CHECK (octet_length(order_key) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    payload BYTEA NOT NULL,
    traceparent TEXT,
    occurred_at TIMESTAMP NOT NULL,
    reason TEXT NOT NULL,
    parked_at TIMESTAMP NOT NULL
);
CREATE INDEX parked_key ON parked (consumer, order_key, id);

-- The keys that have parked events: one row to look at, and to lock, whatever their number.
CREATE TABLE parked_keys (
    consumer TEXT NOT NULL,
    order_key BYTEA NOT NULL CHECK (octet_length(order_key) = 16),
    PRIMARY KEY (consumer, order_key)
);
