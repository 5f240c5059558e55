PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('store/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('bus/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('chats/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('chats/0002','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('chats/0003','2026-11-30 10:25:42');
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
INSERT INTO outbox VALUES(1,X'01a22bfd343c75928f5da1b54ae0dd11','chat.created',1,8,X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd34397510a9df0735921f13e51a0567726f757020012a10eb540c5d08da5326b6c525453a62e596321001a22bfd33f07218b76c6805da6b1477321001a22bfd341b75948329c35aed9f3a983210eb540c5d08da5326b6c525453a62e596','00-0d0f7b50831677ddc0fdd9ce43586123-3cb3d2f00fee40c9-01','2026-11-30 10:25:43.993672','2026-11-30 10:25:44.081871');
INSERT INTO outbox VALUES(2,X'01a22bfd348871668af8d4a9fca56d68','chat.created',1,13,X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd347e70f4ba5a44b0e17fa75d1a0664697265637420012a1001a22bfd341b75948329c35aed9f3a98321001a22bfd33f07218b76c6805da6b1477321001a22bfd341b75948329c35aed9f3a98','00-5da78b0ea643d403ffd24dd9947f51ae-65a6a23c842bcfda-01','2026-11-30 10:25:44.062034','2026-11-30 10:25:44.155492');
INSERT INTO outbox VALUES(3,X'01a22bfd34a67192a62ebac429466a88','chat.created',1,10,X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd34a3763cad93934f51841db71a0567726f757020012a10eb540c5d08da5326b6c525453a62e596','00-f64c0a7d2d87728a708a2a99d5579611-1dfe2fa1bb5b89d2-01','2026-11-30 10:25:44.099796','2026-11-30 10:25:44.155492');
INSERT INTO outbox VALUES(4,X'01a22bfd34c9767ba87f5832ee5c76b0','participant.added',1,10,X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd34a3763cad93934f51841db71a1001a22bfd34bb752f9dfdcc87600933d4221001a22bfd34c9767ba87f58317ede15b82802','00-5b821b2e2d4a9e24f0c0bb6fca2f1101-305aa626d90be22a-01','2026-11-30 10:25:44.136391','2026-11-30 10:25:44.213676');
INSERT INTO outbox VALUES(5,X'01a22bfd34f47104962d530b7b90a0b1','participant.added',1,10,X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd34a3763cad93934f51841db71a1001a22bfd34e877b9b90f5ff2f2548926221001a22bfd34f47104962d530ae9923cfa2803','00-4fcd32a813c50790e77fa115211fe56f-ce1fdbf62b730077-01','2026-11-30 10:25:44.179737','2026-11-30 10:25:44.213676');
INSERT INTO outbox VALUES(6,X'01a22bfd356773a6b337b0ef015a7b93','chat.created',1,12,X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd35627533a2ec4c5ea61797ef1a0664697265637420012a1001a22bfd33f07218b76c6805da6b1477321001a22bfd33f07218b76c6805da6b1477321001a22bfd34047398a8e7b180fb31084c','00-05ea2918961a80782ddf953381740119-e7c7eddde3c5c1cb-01','2026-11-30 10:25:44.290135','2026-11-30 10:25:44.368202');
INSERT INTO outbox VALUES(7,X'01a22bfd35ba71d1a833b0426f8b9ced','chat.created',1,3,X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd35b877aa8fc2705967647f9f1a07737570706f727420012a1001a22bfd35ae7160b184822e143a6f9f321001a22bfd35ae7160b184822e143a6f9f','00-80c3e42ac162d5c982116be41b91228a-2d313926545c47fa-01','2026-11-30 10:25:44.376105','2026-11-30 10:25:44.954556');
INSERT INTO outbox VALUES(8,X'01a22bfd35e37335ac3ef0cb1bf8752a','participant.added',1,3,X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd35b877aa8fc2705967647f9f1a1001a22bfd33f07218b76c6805da6b1477221001a22bfd35e1756c879f2fc647036f802802','00-80c3e42ac162d5c982116be41b91228a-2d313926545c47fa-01','2026-11-30 10:25:44.415456','2026-11-30 10:25:44.954556');
INSERT INTO outbox VALUES(9,X'01a22bfd35f4765ca21419491ffc9621','chat.updated',1,3,X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd35b877aa8fc2705967647f9f1803','00-80c3e42ac162d5c982116be41b91228a-2d313926545c47fa-01','2026-11-30 10:25:44.436771','2026-11-30 10:25:44.954556');
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (consumer, event_id)
) WITHOUT ROWID;
INSERT INTO inbox VALUES('chats',X'01a22bfd344c727ab49c16f028cd5962','2026-11-30 10:25:44.021753');
INSERT INTO inbox VALUES('chats',X'01a22bfd34667501b0617401eb05b8b0','2026-11-30 10:25:44.046192');
INSERT INTO inbox VALUES('chats',X'01a22bfd35147673bf6efdcc6db56711','2026-11-30 10:25:44.218956');
INSERT INTO inbox VALUES('chats',X'01a22bfd352b77d3820cbe9eaa2f66e7','2026-11-30 10:25:44.240817');
INSERT INTO inbox VALUES('chats',X'01a22bfd357b76eebb1e19e609846a78','2026-11-30 10:25:44.324528');
INSERT INTO inbox VALUES('chats',X'01a22bfd358e70cab65ead879ec3b5c2','2026-11-30 10:25:44.344549');
INSERT INTO inbox VALUES('chats',X'01a22bfd3761745bbeb9da93ef62d75f','2026-11-30 10:25:44.805307');
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
    -- The newest chat's `created_at`.
    last_created_at TIMESTAMP NOT NULL
);
INSERT INTO tenant_heads VALUES(X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.376105');
CREATE TABLE user_heads (
    user_id BLOB NOT NULL PRIMARY KEY CHECK (length(user_id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    last_joined_at TIMESTAMP NOT NULL
);
INSERT INTO user_heads VALUES(X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.415456');
INSERT INTO user_heads VALUES(X'01a22bfd341b75948329c35aed9f3a98',X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.062034');
INSERT INTO user_heads VALUES(X'eb540c5d08da5326b6c525453a62e596',X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:43.993672');
INSERT INTO user_heads VALUES(X'01a22bfd34bb752f9dfdcc87600933d4',X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.136391');
INSERT INTO user_heads VALUES(X'01a22bfd34e877b9b90f5ff2f2548926',X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.179737');
INSERT INTO user_heads VALUES(X'01a22bfd34047398a8e7b180fb31084c',X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.290135');
INSERT INTO user_heads VALUES(X'01a22bfd35ae7160b184822e143a6f9f',X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.376105');
CREATE TABLE chats (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('direct', 'group', 'support')),
    title TEXT,
    detail TEXT NOT NULL,
    owner BLOB CHECK (length(owner) = 16),
    creator BLOB CHECK (length(creator) = 16),
    -- Hash of who takes part, while the chat is the one these people have; NULL once it is deleted or they change.
    match_key BLOB UNIQUE CHECK (length(match_key) = 32),
    -- Rises with every change.
    version BIGINT NOT NULL,
    -- A JSON object.
    extras TEXT NOT NULL,
    -- The newest message, as the events tell.
    last_message BLOB CHECK (length(last_message) = 16),
    last_seq BIGINT,
    last_at TIMESTAMP,
    -- `last_at`, else `created_at`.
    active_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP, company BLOB CHECK (length(company) = 16), closed_at TIMESTAMP, group_id BLOB CHECK (length(group_id) = 16),
    UNIQUE (tenant, created_at)
);
INSERT INTO chats VALUES(1,X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd3131723bbb7302cc52fa3c73','group','a chat','for a test',X'eb540c5d08da5326b6c525453a62e596',X'eb540c5d08da5326b6c525453a62e596',NULL,1,'{}',X'01a22bfd346077fe9c4472b13e0cce83',2,'2026-11-30 10:25:44.038084','2026-11-30 10:25:44.038084','2026-11-30 10:25:43.993672','2026-11-30 10:25:43.993672',NULL,NULL,NULL,NULL);
INSERT INTO chats VALUES(2,X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd3131723bbb7302cc52fa3c73','direct',NULL,'',X'01a22bfd341b75948329c35aed9f3a98',X'01a22bfd341b75948329c35aed9f3a98',X'90c747f50b9c242645cae868811d273f2f04baa19a680f4e69862c49aca8b699',1,'{}',NULL,NULL,NULL,'2026-11-30 10:25:44.062034','2026-11-30 10:25:44.062034','2026-11-30 10:25:44.062034',NULL,NULL,NULL,NULL);
INSERT INTO chats VALUES(3,X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd3131723bbb7302cc52fa3c73','group','Über uns','',X'eb540c5d08da5326b6c525453a62e596',X'eb540c5d08da5326b6c525453a62e596',NULL,3,'{}',X'01a22bfd3525723a882e14935a605a50',2,'2026-11-30 10:25:44.234661','2026-11-30 10:25:44.234661','2026-11-30 10:25:44.099796','2026-11-30 10:25:44.179737',NULL,NULL,NULL,NULL);
INSERT INTO chats VALUES(4,X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd3131723bbb7302cc52fa3c73','direct',NULL,'',X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd33f07218b76c6805da6b1477',X'b7a50fe0bf0ea0fc61fa5271a33ea7c2bc492b6f86223985c69efeeb8478ef95',1,'{}',X'01a22bfd35887010976d3a2f34567d47',2,'2026-11-30 10:25:44.332563','2026-11-30 10:25:44.332563','2026-11-30 10:25:44.290135','2026-11-30 10:25:44.290135',NULL,NULL,NULL,NULL);
INSERT INTO chats VALUES(5,X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd3131723bbb7302cc52fa3c73','support',NULL,'',X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd35ae7160b184822e143a6f9f',NULL,3,'{}',X'01a22bfd376076b6b64e0f7dc31db28c',1,'2026-11-30 10:25:44.800976','2026-11-30 10:25:44.800976','2026-11-30 10:25:44.376105','2026-11-30 10:25:44.436771',NULL,NULL,NULL,NULL);
CREATE TABLE participants (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    chat BLOB NOT NULL CHECK (length(chat) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    state TEXT NOT NULL CHECK (state IN ('open', 'folded', 'closed')),
    position BIGINT NOT NULL,
    joined_at TIMESTAMP NOT NULL,
    joined_seq BIGINT NOT NULL,
    left_at TIMESTAMP,
    left_seq BIGINT,
    dropped_at TIMESTAMP, status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'favorite', 'archive')), closed_seq BIGINT,
    UNIQUE (user_id, joined_at)
);
INSERT INTO participants VALUES(1,X'01a22bfd343b71a890d871b6f0f8da8f',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd33f07218b76c6805da6b1477','member','open',0,'2026-11-30 10:25:43.993672',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(2,X'01a22bfd343b71a890d871b7711569ab',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd341b75948329c35aed9f3a98','member','open',1,'2026-11-30 10:25:43.993672',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(3,X'01a22bfd343b71a890d871b8b31563a2',X'01a22bfd34397510a9df0735921f13e5',X'eb540c5d08da5326b6c525453a62e596','owner','open',2,'2026-11-30 10:25:43.993672',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(4,X'01a22bfd348372e082d99a6820e686df',X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd33f07218b76c6805da6b1477','member','open',0,'2026-11-30 10:25:44.062034',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(5,X'01a22bfd348372e082d99a694a8de2dd',X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd341b75948329c35aed9f3a98','owner','open',1,'2026-11-30 10:25:44.062034',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(6,X'01a22bfd34c9767ba87f58317ede15b8',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34bb752f9dfdcc87600933d4','member','open',0,'2026-11-30 10:25:44.136391',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(7,X'01a22bfd34f47104962d530ae9923cfa',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34e877b9b90f5ff2f2548926','member','open',1,'2026-11-30 10:25:44.179737',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(8,X'01a22bfd3564730fa77d969e6b5a7040',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd33f07218b76c6805da6b1477','owner','open',0,'2026-11-30 10:25:44.290135',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(9,X'01a22bfd3564730fa77d969fa34aec25',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd34047398a8e7b180fb31084c','member','open',1,'2026-11-30 10:25:44.290135',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(10,X'01a22bfd35ba71d1a833b04124337c80',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd35ae7160b184822e143a6f9f','member','open',0,'2026-11-30 10:25:44.376105',0,NULL,NULL,NULL,'active',NULL);
INSERT INTO participants VALUES(11,X'01a22bfd35e1756c879f2fc647036f80',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd33f07218b76c6805da6b1477','owner','open',1,'2026-11-30 10:25:44.415456',0,NULL,NULL,NULL,'active',NULL);
CREATE TABLE erasures (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    chat BLOB NOT NULL CHECK (length(chat) = 16),
    model TEXT NOT NULL,
    record BIGINT NOT NULL,
    UNIQUE (chat, model, record)
);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('__diesel_schema_migrations','sqlite_autoindex___diesel_schema_migrations_1','5 1');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('chats',5);
INSERT INTO sqlite_sequence VALUES('participants',11);
INSERT INTO sqlite_sequence VALUES('outbox',9);
CREATE INDEX idempotency_created_at ON idempotency (created_at);
CREATE INDEX outbox_unpublished ON outbox (published_at, id, partition) WHERE published_at IS NULL;
CREATE INDEX inbox_seen_at ON inbox (seen_at);
CREATE INDEX parked_key ON parked (consumer, order_key, id);
CREATE INDEX user_heads_tenant ON user_heads (tenant);
CREATE INDEX chats_tenant_id ON chats (tenant, id);
CREATE INDEX chats_tenant_active_at ON chats (tenant, active_at);
CREATE INDEX chats_owner ON chats (owner);
CREATE UNIQUE INDEX participants_living ON participants (chat, user_id) WHERE left_at IS NULL;
CREATE INDEX participants_chat ON participants (chat, position);
CREATE INDEX chats_tenant_number ON chats (tenant, number);
CREATE INDEX chats_group_id ON chats (group_id);
COMMIT;
