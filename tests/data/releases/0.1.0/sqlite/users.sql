PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('store/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('bus/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('users/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('users/0002','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('users/0003','2026-11-30 10:25:42');
CREATE TABLE idempotency (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
    -- JSON; NULL while the request has no answer yet.
    answer TEXT,
    created_at TIMESTAMP NOT NULL
) WITHOUT ROWID;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    event_type TEXT NOT NULL,
    version BIGINT NOT NULL,
    partition BIGINT NOT NULL CHECK (partition BETWEEN 0 AND 15),
    -- The chat or tenant whose events keep their order.
    order_key BLOB NOT NULL CHECK (length(order_key) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    payload BLOB NOT NULL,
    traceparent TEXT,
    occurred_at TIMESTAMP NOT NULL,
    -- NULL while somebody who subscribes may not have it.
    published_at TIMESTAMP
);
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (consumer, event_id)
) WITHOUT ROWID;
CREATE TABLE leases (
    scope TEXT NOT NULL,
    partition BIGINT NOT NULL CHECK (partition BETWEEN 0 AND 15),
    holder BLOB CHECK (length(holder) = 16),
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (scope, partition)
) WITHOUT ROWID;
CREATE TABLE instances (
    scope TEXT NOT NULL,
    instance BLOB NOT NULL CHECK (length(instance) = 16),
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (scope, instance)
) WITHOUT ROWID;
CREATE TABLE parked (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    consumer TEXT NOT NULL,
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    event_type TEXT NOT NULL,
    version BIGINT NOT NULL,
    partition BIGINT NOT NULL CHECK (partition BETWEEN 0 AND 15),
    order_key BLOB NOT NULL CHECK (length(order_key) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    payload BLOB NOT NULL,
    traceparent TEXT,
    occurred_at TIMESTAMP NOT NULL,
    reason TEXT NOT NULL,
    parked_at TIMESTAMP NOT NULL
);
CREATE TABLE parked_keys (
    consumer TEXT NOT NULL,
    order_key BLOB NOT NULL CHECK (length(order_key) = 16),
    PRIMARY KEY (consumer, order_key)
) WITHOUT ROWID;
CREATE TABLE tenant_heads (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    -- The newest user's `created_at`.
    last_created_at TIMESTAMP NOT NULL
);
INSERT INTO tenant_heads VALUES(X'7c97e29379e55680b0c1fd4301ac31b8','2026-11-30 10:25:43.114859');
INSERT INTO tenant_heads VALUES(X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.370250');
CREATE TABLE partners (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BLOB NOT NULL UNIQUE CHECK (length(user_id) = 16)
);
INSERT INTO partners VALUES(1001,X'10797d800e705abbb588a7899acc287e');
INSERT INTO partners VALUES(1002,X'15f405b8d2bc582ca47fbb7d54835b8f');
INSERT INTO partners VALUES(1003,X'eb540c5d08da5326b6c525453a62e596');
INSERT INTO partners VALUES(1004,X'50b8fb9b74ec58a48b539defedac9558');
INSERT INTO partners VALUES(1005,X'01a22bfd33f07218b76c6805da6b1477');
INSERT INTO partners VALUES(1006,X'01a22bfd34047398a8e7b180fb31084c');
INSERT INTO partners VALUES(1007,X'01a22bfd341b75948329c35aed9f3a98');
INSERT INTO partners VALUES(1008,X'01a22bfd34bb752f9dfdcc87600933d4');
INSERT INTO partners VALUES(1009,X'01a22bfd34e877b9b90f5ff2f2548926');
INSERT INTO partners VALUES(1010,X'01a22bfd35ae7160b184822e143a6f9f');
CREATE TABLE users (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    partner BIGINT NOT NULL UNIQUE,
    idsha TEXT NOT NULL UNIQUE CHECK (length(idsha) = 40),
    name TEXT NOT NULL,
    surname TEXT,
    email TEXT,
    -- The e-mail without case while the user lives; NULL frees it.
    email_key TEXT,
    -- Name, surname and e-mail without case: what a search looks into.
    search_key TEXT NOT NULL,
    phone TEXT,
    role TEXT NOT NULL CHECK (role IN ('agent', 'manager', 'admin', 'customer', 'bot')),
    detail TEXT NOT NULL,
    -- A JSON object.
    extras TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP,
    UNIQUE (tenant, email_key),
    UNIQUE (tenant, created_at)
);
INSERT INTO users VALUES(1,X'10797d800e705abbb588a7899acc287e',X'7c97e29379e55680b0c1fd4301ac31b8',1001,'f92d7abbd5dc8489a929687682f13d8b97a74acf','Admin',NULL,NULL,NULL,replace('admin \n','\n',char(10)),NULL,'admin','','{}','2026-11-30 10:25:43.106118','2026-11-30 10:25:43.106118',NULL);
INSERT INTO users VALUES(2,X'15f405b8d2bc582ca47fbb7d54835b8f',X'7c97e29379e55680b0c1fd4301ac31b8',1002,'3582b9fae8c3684450fe6cc2c1ec312860314865','Assistant',NULL,NULL,NULL,replace('assistant \n','\n',char(10)),NULL,'bot','','{}','2026-11-30 10:25:43.114859','2026-11-30 10:25:43.114859',NULL);
INSERT INTO users VALUES(3,X'eb540c5d08da5326b6c525453a62e596',X'01a22bfd3131723bbb7302cc52fa3c73',1003,'624c144a63accb76b16e4b1c1ede1263b102af70','Admin',NULL,NULL,NULL,replace('admin \n','\n',char(10)),NULL,'admin','','{}','2026-11-30 10:25:43.219835','2026-11-30 10:25:43.219835',NULL);
INSERT INTO users VALUES(4,X'50b8fb9b74ec58a48b539defedac9558',X'01a22bfd3131723bbb7302cc52fa3c73',1004,'cde0ced692a6c6fb3ab8299c78ced094ab9aaa42','Assistant',NULL,NULL,NULL,replace('assistant \n','\n',char(10)),NULL,'bot','','{}','2026-11-30 10:25:43.223574','2026-11-30 10:25:43.223574',NULL);
INSERT INTO users VALUES(5,X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd3131723bbb7302cc52fa3c73',1005,'646246a4cdee5c00cbd6032d1074756291b22391','Ann',NULL,NULL,NULL,replace('ann \n','\n',char(10)),NULL,'agent','','{}','2026-11-30 10:25:43.921370','2026-11-30 10:25:43.921370',NULL);
INSERT INTO users VALUES(6,X'01a22bfd34047398a8e7b180fb31084c',X'01a22bfd3131723bbb7302cc52fa3c73',1006,'43ce657474b29d9a71abb3710bae6d4622c9284b','Bea',NULL,NULL,NULL,replace('bea \n','\n',char(10)),NULL,'manager','','{}','2026-11-30 10:25:43.942217','2026-11-30 10:25:43.942217',NULL);
INSERT INTO users VALUES(7,X'01a22bfd341b75948329c35aed9f3a98',X'01a22bfd3131723bbb7302cc52fa3c73',1007,'3b7de9ae08cde9e6230b5cfab01fc8a35524c701','Visitor',NULL,NULL,NULL,replace('visitor \n','\n',char(10)),NULL,'customer','','{}','2026-11-30 10:25:43.963773','2026-11-30 10:25:43.963773',NULL);
INSERT INTO users VALUES(8,X'01a22bfd34bb752f9dfdcc87600933d4',X'01a22bfd3131723bbb7302cc52fa3c73',1008,'5933501dde1362cb9b6c6afcd103d6940e109c3d','visitor',NULL,'visitor@customer.example','visitor@customer.example',replace('visitor \nvisitor@customer.example','\n',char(10)),NULL,'customer','','{}','2026-11-30 10:25:44.125649','2026-11-30 10:25:44.125649',NULL);
INSERT INTO users VALUES(9,X'01a22bfd34e877b9b90f5ff2f2548926',X'01a22bfd3131723bbb7302cc52fa3c73',1009,'52cb87fd9b697cd848046c0280d944e0a2e854c2','host',NULL,'host@company.example','host@company.example',replace('host \nhost@company.example','\n',char(10)),NULL,'customer','','{}','2026-11-30 10:25:44.169846','2026-11-30 10:25:44.169846',NULL);
INSERT INTO users VALUES(10,X'01a22bfd35ae7160b184822e143a6f9f',X'01a22bfd3131723bbb7302cc52fa3c73',1010,'7874362a16102e9ed06bc740664cfba3ab790c2c','Zoé',NULL,'zoe@customer.example','zoe@customer.example',replace('zoé \nzoe@customer.example','\n',char(10)),NULL,'customer','','{}','2026-11-30 10:25:44.370250','2026-11-30 10:25:44.370250',NULL);
CREATE TABLE external_ids (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    surface TEXT NOT NULL,
    -- SHA-256 of the id: it may be longer than an index takes.
    external_key BLOB NOT NULL CHECK (length(external_key) = 32),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    PRIMARY KEY (tenant, surface, external_key)
);
INSERT INTO external_ids VALUES(X'01a22bfd3131723bbb7302cc52fa3c73','imbee',X'ba3c94e4024dd874eb17b3ac4b8acf810ed8da98b4ca4736ebfcd3577b9d18c3',X'01a22bfd341b75948329c35aed9f3a98');
CREATE TABLE user_groups (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE group_members (
    group_id BLOB NOT NULL CHECK (length(group_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    PRIMARY KEY (group_id, user_id)
);
CREATE TABLE erasures (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
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
CREATE TABLE book_entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    owner BLOB NOT NULL CHECK (length(owner) = 16),
    contact BLOB NOT NULL CHECK (length(contact) = 16),
    added_at TIMESTAMP NOT NULL,
    UNIQUE (owner, contact)
);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('__diesel_schema_migrations','sqlite_autoindex___diesel_schema_migrations_1','5 1');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('partners',1010);
INSERT INTO sqlite_sequence VALUES('users',10);
CREATE INDEX idempotency_created_at ON idempotency (created_at);
CREATE INDEX outbox_unpublished ON outbox (published_at, id, partition) WHERE published_at IS NULL;
CREATE INDEX inbox_seen_at ON inbox (seen_at);
CREATE INDEX parked_key ON parked (consumer, order_key, id);
CREATE INDEX users_tenant_id ON users (tenant, id);
CREATE INDEX users_tenant_phone ON users (tenant, phone);
CREATE INDEX external_ids_user_id ON external_ids (user_id);
CREATE INDEX user_groups_tenant_id ON user_groups (tenant, id);
CREATE INDEX group_members_user_id ON group_members (user_id);
CREATE INDEX companies_tenant_number ON companies (tenant, number);
CREATE INDEX book_entries_owner ON book_entries (owner, number);
CREATE INDEX book_entries_contact ON book_entries (contact);
COMMIT;
