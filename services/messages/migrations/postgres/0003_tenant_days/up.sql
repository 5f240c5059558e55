-- How many messages a tenant has posted on a day (UTC), for `messages.per_tenant_day`. Days since 1970-01-01.
CREATE TABLE tenant_days (
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    day BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    PRIMARY KEY (tenant, day)
) WITH (fillfactor = 50);
