PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('store/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('bus/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('auth/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('auth/0002','2026-11-30 10:25:42');
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
INSERT INTO tenants VALUES(X'7c97e29379e55680b0c1fd4301ac31b8','demo','demo',X'10797d800e705abbb588a7899acc287e',X'15f405b8d2bc582ca47fbb7d54835b8f','1',1796034343123220,'2026-11-30 10:25:43.123215',NULL);
INSERT INTO tenants VALUES(X'01a22bfd3131723bbb7302cc52fa3c73','e2e-2db99ec5541e132c','e2e-2db99ec5541e132c',X'eb540c5d08da5326b6c525453a62e596',X'50b8fb9b74ec58a48b539defedac9558','1',1796034346320135,'2026-11-30 10:25:43.226021',NULL);
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
INSERT INTO logins VALUES(X'10797d800e705abbb588a7899acc287e',X'7c97e29379e55680b0c1fd4301ac31b8','admin@demo','admin@demo','$argon2id$v=19$m=64,t=2,p=1$+BbP4gYiq+WIfBNSWmlCRQ$MlBnc+vwFnZrl/l6Y9IeHV6bnyL0jfhiSF77CoIdj9M',1,'2026-11-30 10:25:43.123215','2026-11-30 10:25:43.123215');
INSERT INTO logins VALUES(X'eb540c5d08da5326b6c525453a62e596',X'01a22bfd3131723bbb7302cc52fa3c73','admin@e2e-2db99ec5541e132c','admin@e2e-2db99ec5541e132c','$argon2id$v=19$m=64,t=2,p=1$Wg1fzp/YiKw5c5ShchlPTA$kdo2/t8spMn+bburgYFA5le54gBbmsqlI00pEhoNOA8',1,'2026-11-30 10:25:43.226021','2026-11-30 10:25:43.226021');
INSERT INTO logins VALUES(X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd3131723bbb7302cc52fa3c73','ann-f2365ffa1c878768','ann-f2365ffa1c878768','$argon2id$v=19$m=64,t=2,p=1$NLpCAx9yYDawMuQ/O43E1A$G0TNUFGXqJS7/fgedDquSOzgwOzoePv5K1n8ESsX6i4',1,'2026-11-30 10:25:43.928260','2026-11-30 10:25:43.928260');
INSERT INTO logins VALUES(X'01a22bfd34047398a8e7b180fb31084c',X'01a22bfd3131723bbb7302cc52fa3c73','bea-482d37bc6eb1ca85','bea-482d37bc6eb1ca85','$argon2id$v=19$m=64,t=2,p=1$MLRdDR2k/9TpUD0tVxDdEw$iVdkHm+e+P8334/wjSYOWEgPvJveA/bQH8K3LWpVmlc',1,'2026-11-30 10:25:43.947878','2026-11-30 10:25:43.947878');
CREATE TABLE login_failures (
    subject BLOB NOT NULL PRIMARY KEY CHECK (length(subject) = 32),
    since TIMESTAMP NOT NULL,
    failed BIGINT NOT NULL
);
CREATE TABLE standing_tokens (
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('imbee_user', 'imbee_visit')),
    token_id BLOB NOT NULL CHECK (length(token_id) = 16),
    generation BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, kind)
);
INSERT INTO standing_tokens VALUES(X'01a22bfd3131723bbb7302cc52fa3c73',X'01a22bfd341b75948329c35aed9f3a98','imbee_user',X'01a22bfd34227361ada1ecee7c94f731',1);
CREATE TABLE jwt_keys (
    generation BIGINT NOT NULL PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
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
, secret_of TEXT NOT NULL DEFAULT 'invitation' CHECK (secret_of IN ('invitation', 'code')));
CREATE TABLE erasures (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    user_id BLOB CHECK (length(user_id) = 16),
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS "tokens" (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    kind TEXT NOT NULL,
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
    -- The one chat it reaches.
    chat_id BLOB CHECK (length(chat_id) = 16),
    UNIQUE (tenant_id, created_at)
);
INSERT INTO tokens VALUES(X'b6a2da3867505d608970e8fc18bc33f5',X'7c97e29379e55680b0c1fd4301ac31b8','operator',NULL,'default','',X'05c4a6d14c4c707998810454e1c4e2779d8177ad48f4432d15ee9cf5f505ab2e','op_0b23ff4','1',1,1,1,NULL,'2026-11-30 10:25:43.123215','2026-11-30 10:25:43.123215',NULL,NULL,NULL,NULL);
INSERT INTO tokens VALUES(X'cd368564cbad55038a8145e8fb0bb28a',X'7c97e29379e55680b0c1fd4301ac31b8','imbee_authorization',NULL,'default','',X'a48a0a7e9b4dd61b8bc17cc7479942f62e95de2bf1c6713ec913946c1a8399ef','YmMzZDMwM2','1',1,1,1,NULL,'2026-11-30 10:25:43.123216','2026-11-30 10:25:43.123216',NULL,NULL,NULL,NULL);
INSERT INTO tokens VALUES(X'e6cbbfd5a0275bc1996222e5ea7ab076',X'7c97e29379e55680b0c1fd4301ac31b8','imbee_corporate',NULL,'default','',X'cb39468f554343543d32b5c917f4ef1cbcb23996d60984065518070d198a5ca8','3ca1bacd27','1',1,1,1,NULL,'2026-11-30 10:25:43.123217','2026-11-30 10:25:43.123217',NULL,NULL,NULL,NULL);
INSERT INTO tokens VALUES(X'6ec54f977049528fa0a595cb8533189b',X'7c97e29379e55680b0c1fd4301ac31b8','voipbin_access_key',X'10797d800e705abbb588a7899acc287e','default','',X'1e48783650be1594bccd0f359bbec093c0b5199840b28444f0f85fc05da84723','vk_5ae56ab','1',1,1,1,NULL,'2026-11-30 10:25:43.123218','2026-11-30 10:25:43.123218',NULL,NULL,NULL,NULL);
INSERT INTO tokens VALUES(X'791bd92564625654b887cf817d832c98',X'7c97e29379e55680b0c1fd4301ac31b8','connectnow',X'10797d800e705abbb588a7899acc287e','default','',X'7217ca6ab39117d5be56cf1cad27f3c656a1063f21b9718128a84bceb34ea8b7','cn_a6c14f8','1',1,1,1,NULL,'2026-11-30 10:25:43.123219','2026-11-30 10:25:43.123219',NULL,NULL,NULL,NULL);
INSERT INTO tokens VALUES(X'45cc071be89459cd8d6d06a1709b2167',X'7c97e29379e55680b0c1fd4301ac31b8','zenvia',NULL,'default','',X'f26b9ed3c2de42ef54818d44ebdd6fd22163cd84c8864d16afdc8e56eae75140','zt_9d70d0c','1',1,1,1,NULL,'2026-11-30 10:25:43.123220','2026-11-30 10:25:43.123220',NULL,NULL,NULL,NULL);
INSERT INTO tokens VALUES(X'3a1f3f16391058e3a0d0656c1629c332',X'01a22bfd3131723bbb7302cc52fa3c73','operator',NULL,'default','',X'e4dd2393d0cf246bb63833dbc8b9815a323709f96b37fe7dd7516e5ee1c3558a','op_7c6ba6f','1',1,1,1,NULL,'2026-11-30 10:25:43.226021','2026-11-30 10:25:43.226021',NULL,'2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'cda9f9cd8fcb50b48e5610dffde96b1a',X'01a22bfd3131723bbb7302cc52fa3c73','imbee_authorization',NULL,'default','',X'cc7864e03faaf88e646a5e1b854a6b6fefa532663d43963ff26e544d30a6eb71','YmRiZmVmNT','1',1,1,1,NULL,'2026-11-30 10:25:43.226022','2026-11-30 10:25:43.226022',NULL,'2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'4983fbe184245dc598da7d5af4672909',X'01a22bfd3131723bbb7302cc52fa3c73','imbee_corporate',NULL,'default','',X'6b67d0188d56201852f2dae410aa84cb9e415d3852c2adf0c98599d9f0b06c3c','c07bacc72d','1',1,1,1,NULL,'2026-11-30 10:25:43.226023','2026-11-30 10:25:43.226023',NULL,'2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'8e899ffe58c15f67bb987036adbc019c',X'01a22bfd3131723bbb7302cc52fa3c73','voipbin_access_key',X'eb540c5d08da5326b6c525453a62e596','default','',X'9810e5cd9f4718df48babbcdabe2639b002fd61971b021d39cb80cf83e5ffefb','vk_27421bf','1',1,1,1,NULL,'2026-11-30 10:25:43.226024','2026-11-30 10:25:43.226024',NULL,'2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'7177f6e626a45afdb1539d0189d743ef',X'01a22bfd3131723bbb7302cc52fa3c73','connectnow',X'eb540c5d08da5326b6c525453a62e596','default','',X'a03b290ed690051bbacbb882466840df40d03e9e872e3450642ba920937486b6','cn_9e25719','1',1,1,1,NULL,'2026-11-30 10:25:43.226025','2026-11-30 10:25:43.226025',NULL,'2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'77a29ed3840150d39532a599463aafe7',X'01a22bfd3131723bbb7302cc52fa3c73','zenvia',NULL,'default','',X'85b45c0fbd474d90c939dd9a4168d2df6481ea70dec330fdc36891c2dd9accb8','zt_ae34c4c','1',1,1,1,NULL,'2026-11-30 10:25:43.226026','2026-11-30 10:25:43.226026',NULL,'2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'01a22bfd34227361ada1ecee7c94f731',X'01a22bfd3131723bbb7302cc52fa3c73','imbee_user',X'01a22bfd341b75948329c35aed9f3a98','','',X'ce49b5d53b4f304f6e48c38f9fdfdffc5e217da5967b69c94ad99c024a2af31a','f0edc60f39','1',1,1,1,NULL,'2026-11-30 10:25:43.968842','2026-11-30 10:25:43.968842',NULL,'2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'01a22bfd34da71c3898835bd59b19399',X'01a22bfd3131723bbb7302cc52fa3c73','chat_user',X'01a22bfd34bb752f9dfdcc87600933d4','','',X'b4a95a081ce0af151c7a6634213096cee0673c8eea768f5c3c739bb1662943a2','cu_83395e2','1',1,1,1,NULL,'2026-11-30 10:25:44.153625','2026-11-30 10:25:44.153625',NULL,'2026-11-30 10:25:46.341991',NULL,X'01a22bfd34a3763cad93934f51841db7');
INSERT INTO tokens VALUES(X'01a22bfd3502760bbf86b89389a8553b',X'01a22bfd3131723bbb7302cc52fa3c73','chat_user',X'01a22bfd34e877b9b90f5ff2f2548926','','',X'a4006172d7025e645823ec03442b09ac78178aa9f29b9d4284bcdb2f37515c93','cu_99163a1','1',1,1,1,NULL,'2026-11-30 10:25:44.193709','2026-11-30 10:25:44.193709',NULL,'2026-11-30 10:25:46.341991',NULL,X'01a22bfd34a3763cad93934f51841db7');
INSERT INTO tokens VALUES(X'01a22bfd3545743b8fa5f6030704dc03',X'01a22bfd3131723bbb7302cc52fa3c73','odoo_session',X'01a22bfd33f07218b76c6805da6b1477','ann-f2365ffa1c878768','',X'c8c1c6cf58bfdb8b71a7d91f3b32720f584fbf501d87ee02634e7f18ae1d7558','85e274e94c','1',1,1,1,NULL,'2026-11-30 10:25:44.261358','2026-11-30 10:25:44.261358','2026-12-07 10:25:44.261358','2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'01a22bfd35537515ac25848fb9379ebb',X'01a22bfd3131723bbb7302cc52fa3c73','odoo_session',X'01a22bfd34047398a8e7b180fb31084c','bea-482d37bc6eb1ca85','',X'abd0d2a2931c5040c8c7750c7c687d65df507f9c6ffac98a4441c60ca596ffce','557d08b1be','1',1,1,1,NULL,'2026-11-30 10:25:44.275760','2026-11-30 10:25:44.275760','2026-12-07 10:25:44.275760','2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'01a22bfd37ec7567bfde23e656584af3',X'01a22bfd3131723bbb7302cc52fa3c73','odoo_session',X'01a22bfd33f07218b76c6805da6b1477','ann-f2365ffa1c878768','',X'847e5238f314caab5d2dd7cb6c19d9c0a0281332c894e4622b6c9428afff66d5','b3491f0ae2','1',1,1,1,NULL,'2026-11-30 10:25:44.940584','2026-11-30 10:25:44.940584','2026-12-07 10:25:44.940584','2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'01a22bfd3a5e758a8466bfe0364bc4d0',X'01a22bfd3131723bbb7302cc52fa3c73','odoo_session',X'01a22bfd33f07218b76c6805da6b1477','ann-f2365ffa1c878768','',X'7c38e60a9fa86f17e68f419a76f6515ff0c4f9a1af677d3048cd0e897e10d92b','ced14b922c','1',1,1,1,NULL,'2026-11-30 10:25:45.566881','2026-11-30 10:25:45.566881','2026-12-07 10:25:45.566881','2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'01a22bfd3ae77641b3fb962295c02ad8',X'01a22bfd3131723bbb7302cc52fa3c73','odoo_session',X'01a22bfd33f07218b76c6805da6b1477','ann-f2365ffa1c878768','',X'4f0981c453200fb8f01aae79c2798167bcd27050e92a05acabbf9012702a67e2','860377bcec','1',1,1,1,NULL,'2026-11-30 10:25:45.703568','2026-11-30 10:25:45.703568','2026-12-07 10:25:45.703568','2026-11-30 10:25:46.341991',NULL,NULL);
INSERT INTO tokens VALUES(X'01a22bfd3d507359954516534989657d',X'01a22bfd3131723bbb7302cc52fa3c73','odoo_session',X'01a22bfd33f07218b76c6805da6b1477','ann-f2365ffa1c878768','',X'd06e067721987a7ff6a93d2b1be024134e05e023b1b3b9cc0eef3aa1b57ce63a','7f7c436e32','1',1,1,1,NULL,'2026-11-30 10:25:46.320135','2026-11-30 10:25:46.320135','2026-12-07 10:25:46.320135','2026-11-30 10:25:46.341991',NULL,NULL);
CREATE TABLE chat_passwords (
    chat_id BLOB NOT NULL PRIMARY KEY CHECK (length(chat_id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    key_id TEXT NOT NULL,
    generation BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE codes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
    chat_id BLOB NOT NULL CHECK (length(chat_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    -- Hash of the tenant and the address without case.
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    key_id TEXT NOT NULL,
    tries BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('__diesel_schema_migrations','sqlite_autoindex___diesel_schema_migrations_1','4 1');
DELETE FROM sqlite_sequence;
CREATE INDEX idempotency_created_at ON idempotency (created_at);
CREATE INDEX outbox_unpublished ON outbox (published_at, id, partition) WHERE published_at IS NULL;
CREATE INDEX inbox_seen_at ON inbox (seen_at);
CREATE INDEX parked_key ON parked (consumer, order_key, id);
CREATE INDEX logins_tenant ON logins (tenant_id);
CREATE INDEX login_failures_since ON login_failures (since);
CREATE INDEX invitations_visitor ON invitations (visitor_id);
CREATE INDEX invitations_bot ON invitations (bot_id);
CREATE INDEX outgoing_due ON outgoing (due_at);
CREATE INDEX outgoing_tenant ON outgoing (tenant_id, user_id);
CREATE INDEX erasures_tenant ON erasures (tenant_id);
CREATE INDEX tokens_user ON tokens (user_id);
CREATE INDEX chat_passwords_tenant ON chat_passwords (tenant_id);
CREATE INDEX codes_address ON codes (address_hash, created_at);
CREATE INDEX codes_tenant ON codes (tenant_id, user_id);
COMMIT;
