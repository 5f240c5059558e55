-- Whom a tenant's chats are about. A deleted one keeps its row until the tenant goes.
CREATE TABLE companies (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    logo_url TEXT,
    creator BLOB CHECK (length(creator) = 16),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP
);
CREATE INDEX companies_tenant_number ON companies (tenant, number);
