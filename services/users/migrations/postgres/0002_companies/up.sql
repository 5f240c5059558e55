-- Whom a tenant's chats are about. A deleted one keeps its row until the tenant goes.
CREATE TABLE companies (
    number BIGSERIAL PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE CHECK (octet_length(id) = 16),
    tenant BYTEA NOT NULL CHECK (octet_length(tenant) = 16),
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    logo_url TEXT,
    creator BYTEA CHECK (octet_length(creator) = 16),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP
);
CREATE INDEX companies_tenant_number ON companies (tenant, number);
