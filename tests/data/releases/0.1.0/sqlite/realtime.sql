PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('store/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('bus/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('realtime/0001','2026-11-30 10:25:42');
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
INSERT INTO inbox VALUES('realtime',X'01a22bfd343c75928f5da1b54ae0dd11','2026-11-30 10:25:44.003673');
INSERT INTO inbox VALUES('realtime',X'01a22bfd344c727ab49c16f028cd5962','2026-11-30 10:25:44.028274');
INSERT INTO inbox VALUES('realtime',X'01a22bfd34667501b0617401eb05b8b0','2026-11-30 10:25:44.057799');
INSERT INTO inbox VALUES('realtime',X'01a22bfd348871668af8d4a9fca56d68','2026-11-30 10:25:44.079826');
INSERT INTO inbox VALUES('realtime',X'01a22bfd34a67192a62ebac429466a88','2026-11-30 10:25:44.114365');
INSERT INTO inbox VALUES('realtime',X'01a22bfd34c9767ba87f5832ee5c76b0','2026-11-30 10:25:44.145054');
INSERT INTO inbox VALUES('realtime',X'01a22bfd34f47104962d530b7b90a0b1','2026-11-30 10:25:44.187720');
INSERT INTO inbox VALUES('realtime',X'01a22bfd35147673bf6efdcc6db56711','2026-11-30 10:25:44.216378');
INSERT INTO inbox VALUES('realtime',X'01a22bfd352b77d3820cbe9eaa2f66e7','2026-11-30 10:25:44.250360');
INSERT INTO inbox VALUES('realtime',X'01a22bfd353a744287cc7d2bb2b3bfa4','2026-11-30 10:25:44.275183');
INSERT INTO inbox VALUES('realtime',X'01a22bfd356773a6b337b0ef015a7b93','2026-11-30 10:25:44.299864');
INSERT INTO inbox VALUES('realtime',X'01a22bfd357b76eebb1e19e609846a78','2026-11-30 10:25:44.320600');
INSERT INTO inbox VALUES('realtime',X'01a22bfd358e70cab65ead879ec3b5c2','2026-11-30 10:25:44.351264');
INSERT INTO inbox VALUES('realtime',X'01a22bfd35ba71d1a833b0426f8b9ced','2026-11-30 10:25:44.387837');
INSERT INTO inbox VALUES('realtime',X'01a22bfd35cb764e857cbc3e2c7df2b8','2026-11-30 10:25:44.410628');
INSERT INTO inbox VALUES('realtime',X'01a22bfd35e37335ac3ef0cb1bf8752a','2026-11-30 10:25:44.428857');
INSERT INTO inbox VALUES('realtime',X'01a22bfd35f4765ca21419491ffc9621','2026-11-30 10:25:44.463430');
INSERT INTO inbox VALUES('realtime',X'01a22bfd3761745bbeb9da93ef62d75f','2026-11-30 10:25:44.803944');
INSERT INTO inbox VALUES('realtime',X'01a22bfd37d174da8037ebfddba88536','2026-11-30 10:25:44.921344');
INSERT INTO inbox VALUES('realtime',X'01a22bfd37fa75e393b94d1840535af1','2026-11-30 10:25:44.956657');
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
    -- The newest place; 0 when nothing happened yet.
    head BIGINT NOT NULL,
    -- Everything behind this place is still there.
    kept_after BIGINT NOT NULL
);
INSERT INTO tenant_heads VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',20,0);
CREATE TABLE feed (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    place BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    chat BLOB CHECK (length(chat) = 16),
    -- Who may see it: sorted user ids, 16 bytes each.
    audience BLOB NOT NULL,
    -- Only of the moment: not shown any more from here on.
    passing_until TIMESTAMP,
    -- What happened, as JSON.
    what TEXT NOT NULL,
    PRIMARY KEY (tenant, place)
);
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',1,'2026-11-30 10:25:44.014079',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd33f07218b76c6805da6b147701a22bfd341b75948329c35aed9f3a98eb540c5d08da5326b6c525453a62e596',NULL,'{"chat_created":{"id":"01a22bfd-3439-7510-a9df-0735921f13e5","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":1,"kind":"group","title":"a chat","detail":"for a test","owner":"eb540c5d-08da-5326-b6c5-25453a62e596","creator":"eb540c5d-08da-5326-b6c5-25453a62e596","participants":[{"id":"01a22bfd-343b-71a8-90d8-71b6f0f8da8f","number":1,"user":"01a22bfd-33f0-7218-b76c-6805da6b1477","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:43.993672Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-343b-71a8-90d8-71b7711569ab","number":2,"user":"01a22bfd-341b-7594-8329-c35aed9f3a98","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:43.993672Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-343b-71a8-90d8-71b8b31563a2","number":3,"user":"eb540c5d-08da-5326-b6c5-25453a62e596","role":"owner","state":"open","closed_seq":null,"status":"active","position":2,"joined_at":"2026-11-30T10:25:43.993672Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:43.993672Z","updated_at":"2026-11-30T10:25:43.993672Z","closed_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',2,'2026-11-30 10:25:44.037030',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd33f07218b76c6805da6b147701a22bfd341b75948329c35aed9f3a98eb540c5d08da5326b6c525453a62e596',NULL,'{"message_posted":{"id":"01a22bfd-3447-7140-b953-b2230c74d1ac","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","chat":"01a22bfd-3439-7510-a9df-0735921f13e5","seq":1,"number":1,"author":"eb540c5d-08da-5326-b6c5-25453a62e596","origin":"voipbin","kind":"text","text":"Wer da?","media":[],"extras":{},"created_at":"2026-11-30T10:25:44.010863Z","updated_at":"2026-11-30T10:25:44.010863Z","edited_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',3,'2026-11-30 10:25:44.065385',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd33f07218b76c6805da6b147701a22bfd341b75948329c35aed9f3a98eb540c5d08da5326b6c525453a62e596',NULL,'{"message_posted":{"id":"01a22bfd-3460-77fe-9c44-72b13e0cce83","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","chat":"01a22bfd-3439-7510-a9df-0735921f13e5","seq":2,"number":2,"author":"01a22bfd-341b-7594-8329-c35aed9f3a98","origin":"imbee","kind":"text","text":"« C''est moi » 🙂","media":[],"extras":{},"created_at":"2026-11-30T10:25:44.038084Z","updated_at":"2026-11-30T10:25:44.038084Z","edited_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',4,'2026-11-30 10:25:44.094907',X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd33f07218b76c6805da6b147701a22bfd341b75948329c35aed9f3a98',NULL,'{"chat_created":{"id":"01a22bfd-347e-70f4-ba5a-44b0e17fa75d","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":2,"kind":"direct","title":null,"detail":"","owner":"01a22bfd-341b-7594-8329-c35aed9f3a98","creator":"01a22bfd-341b-7594-8329-c35aed9f3a98","participants":[{"id":"01a22bfd-3483-72e0-82d9-9a6820e686df","number":4,"user":"01a22bfd-33f0-7218-b76c-6805da6b1477","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.062034Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-3483-72e0-82d9-9a694a8de2dd","number":5,"user":"01a22bfd-341b-7594-8329-c35aed9f3a98","role":"owner","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:44.062034Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.062034Z","updated_at":"2026-11-30T10:25:44.062034Z","closed_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',5,'2026-11-30 10:25:44.121877',X'01a22bfd34a3763cad93934f51841db7',X'',NULL,'{"chat_created":{"id":"01a22bfd-34a3-763c-ad93-934f51841db7","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":3,"kind":"group","title":"Über uns","detail":"","owner":"eb540c5d-08da-5326-b6c5-25453a62e596","creator":"eb540c5d-08da-5326-b6c5-25453a62e596","participants":[],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.099796Z","updated_at":"2026-11-30T10:25:44.099796Z","closed_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',6,'2026-11-30 10:25:44.161311',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34bb752f9dfdcc87600933d4',NULL,'{"participant_added":{"chat":{"id":"01a22bfd-34a3-763c-ad93-934f51841db7","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":3,"kind":"group","title":"Über uns","detail":"","owner":"eb540c5d-08da-5326-b6c5-25453a62e596","creator":"eb540c5d-08da-5326-b6c5-25453a62e596","participants":[{"id":"01a22bfd-34c9-767b-a87f-58317ede15b8","number":6,"user":"01a22bfd-34bb-752f-9dfd-cc87600933d4","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.136391Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":2,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.099796Z","updated_at":"2026-11-30T10:25:44.136391Z","closed_at":null,"deleted_at":null},"stay":{"id":"01a22bfd-34c9-767b-a87f-58317ede15b8","number":6,"user":"01a22bfd-34bb-752f-9dfd-cc87600933d4","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.136391Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',7,'2026-11-30 10:25:44.202213',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34bb752f9dfdcc87600933d401a22bfd34e877b9b90f5ff2f2548926',NULL,'{"participant_added":{"chat":{"id":"01a22bfd-34a3-763c-ad93-934f51841db7","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":3,"kind":"group","title":"Über uns","detail":"","owner":"eb540c5d-08da-5326-b6c5-25453a62e596","creator":"eb540c5d-08da-5326-b6c5-25453a62e596","participants":[{"id":"01a22bfd-34c9-767b-a87f-58317ede15b8","number":6,"user":"01a22bfd-34bb-752f-9dfd-cc87600933d4","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.136391Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-34f4-7104-962d-530ae9923cfa","number":7,"user":"01a22bfd-34e8-77b9-b90f-5ff2f2548926","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:44.179737Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":3,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.099796Z","updated_at":"2026-11-30T10:25:44.179737Z","closed_at":null,"deleted_at":null},"stay":{"id":"01a22bfd-34f4-7104-962d-530ae9923cfa","number":7,"user":"01a22bfd-34e8-77b9-b90f-5ff2f2548926","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:44.179737Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',8,'2026-11-30 10:25:44.228097',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34bb752f9dfdcc87600933d401a22bfd34e877b9b90f5ff2f2548926',NULL,'{"message_posted":{"id":"01a22bfd-3510-71ac-abfe-886f4caaf500","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","chat":"01a22bfd-34a3-763c-ad93-934f51841db7","seq":1,"number":3,"author":"01a22bfd-34e8-77b9-b90f-5ff2f2548926","origin":"connectnow","kind":"text","text":"Hello, how can I help?","media":[],"extras":{},"created_at":"2026-11-30T10:25:44.211872Z","updated_at":"2026-11-30T10:25:44.211872Z","edited_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',9,'2026-11-30 10:25:44.253852',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34bb752f9dfdcc87600933d401a22bfd34e877b9b90f5ff2f2548926',NULL,'{"message_posted":{"id":"01a22bfd-3525-723a-882e-14935a605a50","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","chat":"01a22bfd-34a3-763c-ad93-934f51841db7","seq":2,"number":4,"author":"01a22bfd-34bb-752f-9dfd-cc87600933d4","origin":"connectnow","kind":"text","text":"Where is my order?","media":[],"extras":{},"created_at":"2026-11-30T10:25:44.234661Z","updated_at":"2026-11-30T10:25:44.234661Z","edited_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',10,'2026-11-30 10:25:44.278403',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34bb752f9dfdcc87600933d401a22bfd34e877b9b90f5ff2f2548926',NULL,'{"message_edited":{"id":"01a22bfd-3525-723a-882e-14935a605a50","seq":2,"number":4,"text":"Where is my parcel?","at":"2026-11-30T10:25:44.250041Z"}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',11,'2026-11-30 10:25:44.311257',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd33f07218b76c6805da6b147701a22bfd34047398a8e7b180fb31084c',NULL,'{"chat_created":{"id":"01a22bfd-3562-7533-a2ec-4c5ea61797ef","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":4,"kind":"direct","title":null,"detail":"","owner":"01a22bfd-33f0-7218-b76c-6805da6b1477","creator":"01a22bfd-33f0-7218-b76c-6805da6b1477","participants":[{"id":"01a22bfd-3564-730f-a77d-969e6b5a7040","number":8,"user":"01a22bfd-33f0-7218-b76c-6805da6b1477","role":"owner","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.290135Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-3564-730f-a77d-969fa34aec25","number":9,"user":"01a22bfd-3404-7398-a8e7-b180fb31084c","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:44.290135Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.290135Z","updated_at":"2026-11-30T10:25:44.290135Z","closed_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',12,'2026-11-30 10:25:44.333393',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd33f07218b76c6805da6b147701a22bfd34047398a8e7b180fb31084c',NULL,'{"message_posted":{"id":"01a22bfd-3577-76e1-9626-444e7f6be1c7","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","chat":"01a22bfd-3562-7533-a2ec-4c5ea61797ef","seq":1,"number":5,"author":"01a22bfd-33f0-7218-b76c-6805da6b1477","origin":"odoo","kind":"text","text":"12 chairs, please","media":[],"extras":{},"created_at":"2026-11-30T10:25:44.315373Z","updated_at":"2026-11-30T10:25:44.315373Z","edited_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',13,'2026-11-30 10:25:44.356635',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd33f07218b76c6805da6b147701a22bfd34047398a8e7b180fb31084c',NULL,'{"message_posted":{"id":"01a22bfd-3588-7010-976d-3a2f34567d47","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","chat":"01a22bfd-3562-7533-a2ec-4c5ea61797ef","seq":2,"number":6,"author":"01a22bfd-3404-7398-a8e7-b180fb31084c","origin":"odoo","kind":"text","text":"They come tomorrow","media":[],"extras":{},"created_at":"2026-11-30T10:25:44.332563Z","updated_at":"2026-11-30T10:25:44.332563Z","edited_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',14,'2026-11-30 10:25:44.400790',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd35ae7160b184822e143a6f9f',NULL,'{"chat_created":{"id":"01a22bfd-35b8-77aa-8fc2-705967647f9f","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":5,"kind":"support","title":null,"detail":"","owner":null,"creator":"01a22bfd-35ae-7160-b184-822e143a6f9f","participants":[{"id":"01a22bfd-35ba-71d1-a833-b04124337c80","number":10,"user":"01a22bfd-35ae-7160-b184-822e143a6f9f","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.376105Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":1,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.376105Z","updated_at":"2026-11-30T10:25:44.376105Z","closed_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',15,'2026-11-30 10:25:44.417718',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd35ae7160b184822e143a6f9f',NULL,'{"interaction_started":{"id":"01a22bfd-35c5-7739-8038-0d4bf30a3916","chat":"01a22bfd-35b8-77aa-8fc2-705967647f9f","department":"01a22bfd-3595-75d9-9a91-def61ab28c61","department_number":3,"state":"agent","user":"01a22bfd-33f0-7218-b76c-6805da6b1477","customer":"01a22bfd-35ae-7160-b184-822e143a6f9f","position":null,"version":1,"from_seq":1,"by":"01a22bfd-35ae-7160-b184-822e143a6f9f","why":"started","at":"2026-11-30T10:25:44.387453Z"}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',16,'2026-11-30 10:25:44.436874',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd33f07218b76c6805da6b147701a22bfd35ae7160b184822e143a6f9f',NULL,'{"participant_added":{"chat":{"id":"01a22bfd-35b8-77aa-8fc2-705967647f9f","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":5,"kind":"support","title":null,"detail":"","owner":null,"creator":"01a22bfd-35ae-7160-b184-822e143a6f9f","participants":[{"id":"01a22bfd-35ba-71d1-a833-b04124337c80","number":10,"user":"01a22bfd-35ae-7160-b184-822e143a6f9f","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.376105Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-35e1-756c-879f-2fc647036f80","number":11,"user":"01a22bfd-33f0-7218-b76c-6805da6b1477","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:44.415456Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":2,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.376105Z","updated_at":"2026-11-30T10:25:44.415456Z","closed_at":null,"deleted_at":null},"stay":{"id":"01a22bfd-35e1-756c-879f-2fc647036f80","number":11,"user":"01a22bfd-33f0-7218-b76c-6805da6b1477","role":"member","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:44.415456Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',17,'2026-11-30 10:25:44.477646',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd33f07218b76c6805da6b147701a22bfd35ae7160b184822e143a6f9f',NULL,'{"chat_updated":{"id":"01a22bfd-35b8-77aa-8fc2-705967647f9f","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","number":5,"kind":"support","title":null,"detail":"","owner":"01a22bfd-33f0-7218-b76c-6805da6b1477","creator":"01a22bfd-35ae-7160-b184-822e143a6f9f","participants":[{"id":"01a22bfd-35ba-71d1-a833-b04124337c80","number":10,"user":"01a22bfd-35ae-7160-b184-822e143a6f9f","role":"member","state":"open","closed_seq":null,"status":"active","position":0,"joined_at":"2026-11-30T10:25:44.376105Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null},{"id":"01a22bfd-35e1-756c-879f-2fc647036f80","number":11,"user":"01a22bfd-33f0-7218-b76c-6805da6b1477","role":"owner","state":"open","closed_seq":null,"status":"active","position":1,"joined_at":"2026-11-30T10:25:44.415456Z","joined_seq":0,"left_at":null,"left_seq":null,"dropped_at":null}],"version":3,"group":null,"documents":[],"company":null,"extras":{},"last":null,"created_at":"2026-11-30T10:25:44.376105Z","updated_at":"2026-11-30T10:25:44.436771Z","closed_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',18,'2026-11-30 10:25:44.809623',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd33f07218b76c6805da6b147701a22bfd35ae7160b184822e143a6f9f',NULL,'{"message_posted":{"id":"01a22bfd-3760-76b6-b64e-0f7dc31db28c","tenant":"01a22bfd-3131-723b-bb73-02cc52fa3c73","chat":"01a22bfd-35b8-77aa-8fc2-705967647f9f","seq":1,"number":7,"author":"01a22bfd-35ae-7160-b184-822e143a6f9f","origin":"zenvia","kind":"text","text":"Is anybody there?","media":[],"extras":{},"created_at":"2026-11-30T10:25:44.800976Z","updated_at":"2026-11-30T10:25:44.800976Z","edited_at":null,"deleted_at":null}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',19,'2026-11-30 10:25:44.926840',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd33f07218b76c6805da6b147701a22bfd341b75948329c35aed9f3a98eb540c5d08da5326b6c525453a62e596',NULL,'{"messages_read":{"user":"01a22bfd-341b-7594-8329-c35aed9f3a98","seq":2}}');
INSERT INTO feed VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',20,'2026-11-30 10:25:44.960699',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd33f07218b76c6805da6b147701a22bfd34047398a8e7b180fb31084c',NULL,'{"messages_read":{"user":"01a22bfd-33f0-7218-b76c-6805da6b1477","seq":2}}');
CREATE TABLE chat_copies (
    chat BLOB NOT NULL PRIMARY KEY CHECK (length(chat) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    -- The chat's membership version at that time, or an earlier one.
    version BIGINT NOT NULL
);
INSERT INTO chat_copies VALUES(X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd3131723bbb7302cc52fa3c73',1);
INSERT INTO chat_copies VALUES(X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd3131723bbb7302cc52fa3c73',1);
INSERT INTO chat_copies VALUES(X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd3131723bbb7302cc52fa3c73',3);
INSERT INTO chat_copies VALUES(X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd3131723bbb7302cc52fa3c73',1);
INSERT INTO chat_copies VALUES(X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd3131723bbb7302cc52fa3c73',3);
CREATE TABLE members (
    stay BLOB NOT NULL PRIMARY KEY CHECK (length(stay) = 16),
    chat BLOB NOT NULL CHECK (length(chat) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    joined_seq BIGINT NOT NULL,
    left_seq BIGINT
);
INSERT INTO members VALUES(X'01a22bfd343b71a890d871b6f0f8da8f',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd33f07218b76c6805da6b1477',0,NULL);
INSERT INTO members VALUES(X'01a22bfd343b71a890d871b7711569ab',X'01a22bfd34397510a9df0735921f13e5',X'01a22bfd341b75948329c35aed9f3a98',0,NULL);
INSERT INTO members VALUES(X'01a22bfd343b71a890d871b8b31563a2',X'01a22bfd34397510a9df0735921f13e5',X'eb540c5d08da5326b6c525453a62e596',0,NULL);
INSERT INTO members VALUES(X'01a22bfd348372e082d99a6820e686df',X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd33f07218b76c6805da6b1477',0,NULL);
INSERT INTO members VALUES(X'01a22bfd348372e082d99a694a8de2dd',X'01a22bfd347e70f4ba5a44b0e17fa75d',X'01a22bfd341b75948329c35aed9f3a98',0,NULL);
INSERT INTO members VALUES(X'01a22bfd34c9767ba87f58317ede15b8',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34bb752f9dfdcc87600933d4',0,NULL);
INSERT INTO members VALUES(X'01a22bfd34f47104962d530ae9923cfa',X'01a22bfd34a3763cad93934f51841db7',X'01a22bfd34e877b9b90f5ff2f2548926',0,NULL);
INSERT INTO members VALUES(X'01a22bfd3564730fa77d969e6b5a7040',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd33f07218b76c6805da6b1477',0,NULL);
INSERT INTO members VALUES(X'01a22bfd3564730fa77d969fa34aec25',X'01a22bfd35627533a2ec4c5ea61797ef',X'01a22bfd34047398a8e7b180fb31084c',0,NULL);
INSERT INTO members VALUES(X'01a22bfd35ba71d1a833b04124337c80',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd35ae7160b184822e143a6f9f',0,NULL);
INSERT INTO members VALUES(X'01a22bfd35e1756c879f2fc647036f80',X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd33f07218b76c6805da6b1477',0,NULL);
CREATE TABLE presence (
    user_id BLOB NOT NULL PRIMARY KEY CHECK (length(user_id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    -- As it was told last.
    stands TEXT NOT NULL CHECK (stands IN ('online', 'away', 'offline')),
    -- The last sign of a stream or poll; kept to a few seconds.
    seen_at TIMESTAMP NOT NULL,
    -- The last time they did something; kept to a few seconds.
    active_at TIMESTAMP NOT NULL
);
CREATE TABLE erasures (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('__diesel_schema_migrations','sqlite_autoindex___diesel_schema_migrations_1','3 1');
DELETE FROM sqlite_sequence;
CREATE INDEX idempotency_created_at ON idempotency (created_at);
CREATE INDEX outbox_unpublished ON outbox (published_at, id, partition) WHERE published_at IS NULL;
CREATE INDEX inbox_seen_at ON inbox (seen_at);
CREATE INDEX parked_key ON parked (consumer, order_key, id);
CREATE INDEX feed_passing ON feed (passing_until) WHERE passing_until IS NOT NULL;
CREATE INDEX chat_copies_tenant ON chat_copies (tenant);
CREATE INDEX members_chat ON members (chat);
CREATE INDEX members_user ON members (user_id);
CREATE INDEX presence_tenant ON presence (tenant);
CREATE INDEX presence_there ON presence (seen_at) WHERE stands <> 'offline';
COMMIT;
