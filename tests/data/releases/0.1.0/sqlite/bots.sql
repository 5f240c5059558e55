PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('store/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('bus/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('bots/0001','2026-11-30 10:25:42');
INSERT INTO __diesel_schema_migrations VALUES('bots/0002','2026-11-30 10:25:43');
INSERT INTO __diesel_schema_migrations VALUES('bots/0003','2026-11-30 10:25:43');
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
INSERT INTO outbox VALUES(1,X'01a22bfd35cb764e857cbc3e2c7df2b8','interaction.started',1,3,X'01a22bfd35b877aa8fc2705967647f9f',X'01a22bfd3131723bbb7302cc52fa3c73',X'0a9d010a1001a22bfd3131723bbb7302cc52fa3c73121001a22bfd35b877aa8fc2705967647f9f1a1001a22bfd35c5773980380d4bf30a391620012a056167656e74321001a22bfd33f07218b76c6805da6b14773a1001a22bfd359575d99a91def61ab28c6140034801521001a22bfd35ae7160b184822e143a6f9f621001a22bfd35ae7160b184822e143a6f9f6a077374617274656470fd86e8a8bdaf9803','00-80c3e42ac162d5c982116be41b91228a-2d313926545c47fa-01','2026-11-30 10:25:44.387453','2026-11-30 10:25:44.851143');
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (consumer, event_id)
) WITHOUT ROWID;
INSERT INTO inbox VALUES('bots',X'01a22bfd343c75928f5da1b54ae0dd11','2026-11-30 10:25:44.006099');
INSERT INTO inbox VALUES('bots',X'01a22bfd344c727ab49c16f028cd5962','2026-11-30 10:25:44.029573');
INSERT INTO inbox VALUES('bots',X'01a22bfd34667501b0617401eb05b8b0','2026-11-30 10:25:44.058188');
INSERT INTO inbox VALUES('bots',X'01a22bfd348871668af8d4a9fca56d68','2026-11-30 10:25:44.079019');
INSERT INTO inbox VALUES('bots',X'01a22bfd34a67192a62ebac429466a88','2026-11-30 10:25:44.107699');
INSERT INTO inbox VALUES('bots',X'01a22bfd34c9767ba87f5832ee5c76b0','2026-11-30 10:25:44.142856');
INSERT INTO inbox VALUES('bots',X'01a22bfd34f47104962d530b7b90a0b1','2026-11-30 10:25:44.185607');
INSERT INTO inbox VALUES('bots',X'01a22bfd35147673bf6efdcc6db56711','2026-11-30 10:25:44.216520');
INSERT INTO inbox VALUES('bots',X'01a22bfd352b77d3820cbe9eaa2f66e7','2026-11-30 10:25:44.242369');
INSERT INTO inbox VALUES('bots',X'01a22bfd353a744287cc7d2bb2b3bfa4','2026-11-30 10:25:44.261205');
INSERT INTO inbox VALUES('bots',X'01a22bfd356773a6b337b0ef015a7b93','2026-11-30 10:25:44.300422');
INSERT INTO inbox VALUES('bots',X'01a22bfd357b76eebb1e19e609846a78','2026-11-30 10:25:44.319757');
INSERT INTO inbox VALUES('bots',X'01a22bfd358e70cab65ead879ec3b5c2','2026-11-30 10:25:44.348680');
INSERT INTO inbox VALUES('bots',X'01a22bfd35cb764e857cbc3e2c7df2b8','2026-11-30 10:25:44.793348');
INSERT INTO inbox VALUES('bots',X'01a22bfd3761745bbeb9da93ef62d75f','2026-11-30 10:25:44.806369');
INSERT INTO inbox VALUES('bots',X'01a22bfd35ba71d1a833b0426f8b9ced','2026-11-30 10:25:44.896094');
INSERT INTO inbox VALUES('bots',X'01a22bfd35e37335ac3ef0cb1bf8752a','2026-11-30 10:25:44.896094');
INSERT INTO inbox VALUES('bots',X'01a22bfd35f4765ca21419491ffc9621','2026-11-30 10:25:44.896094');
INSERT INTO inbox VALUES('bots',X'01a22bfd37d174da8037ebfddba88536','2026-11-30 10:25:44.916906');
INSERT INTO inbox VALUES('bots',X'01a22bfd37fa75e393b94d1840535af1','2026-11-30 10:25:44.958087');
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
CREATE TABLE departments (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    -- Its bot: who it is in chats, where it is, and whether what it is told is signed.
    bot_user BLOB UNIQUE CHECK (length(bot_user) = 16),
    bot_url TEXT,
    bot_signed BOOLEAN NOT NULL,
    -- How many users were made for its bots; one that was deleted is not used again.
    bot_users BIGINT NOT NULL,
    -- Who was its bot until just now, and whose customers are still to be handed to its agents.
    bot_leaving BLOB CHECK (length(bot_leaving) = 16),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK ((bot_user IS NULL) = (bot_url IS NULL))
);
INSERT INTO departments VALUES(1,X'606bd264909456d6b07a61782c094e95',X'7c97e29379e55680b0c1fd4301ac31b8','Default',1,NULL,NULL,0,0,NULL,'2026-11-30 10:25:43.154160','2026-11-30 10:25:43.154160');
INSERT INTO departments VALUES(2,X'f87b1da5025f5e84b9893676e8e420a6',X'01a22bfd3131723bbb7302cc52fa3c73','Default',1,NULL,NULL,0,0,NULL,'2026-11-30 10:25:43.237502','2026-11-30 10:25:43.237502');
INSERT INTO departments VALUES(3,X'01a22bfd359575d99a91def61ab28c61',X'01a22bfd3131723bbb7302cc52fa3c73','Sales',1,NULL,NULL,0,0,NULL,'2026-11-30 10:25:44.343471','2026-11-30 10:25:44.343471');
CREATE TABLE department_agents (
    department BLOB NOT NULL CHECK (length(department) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    -- The user's integer id: of agents who are equally busy the lowest is next.
    user_number BIGINT NOT NULL,
    PRIMARY KEY (department, user_id)
);
INSERT INTO department_agents VALUES(X'01a22bfd359575d99a91def61ab28c61',X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd3131723bbb7302cc52fa3c73',5);
CREATE TABLE interactions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    chat BLOB NOT NULL CHECK (length(chat) = 16),
    state TEXT NOT NULL CHECK (state IN ('queued', 'bot', 'agent', 'finished')),
    -- The bot or agent who serves it.
    user_id BLOB CHECK (length(user_id) = 16),
    department BLOB NOT NULL CHECK (length(department) = 16),
    department_number BIGINT NOT NULL,
    start_department BLOB NOT NULL CHECK (length(start_department) = 16),
    start_number BIGINT NOT NULL,
    customer BLOB CHECK (length(customer) = 16),
    -- Rises with every change of hands.
    version BIGINT NOT NULL,
    -- The version `chats` was told of last: of one that is lower a worker tells it.
    told_version BIGINT NOT NULL,
    -- The first message that is the present owner's.
    from_seq BIGINT NOT NULL,
    mood TEXT CHECK (mood IN ('positive', 'negative')),
    -- A JSON array of numbers.
    tags TEXT NOT NULL,
    customer_key TEXT,
    note TEXT,
    -- Any JSON.
    extra TEXT,
    external_history TEXT,
    media_type TEXT,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    accepted_at TIMESTAMP,
    finished_at TIMESTAMP,
    CHECK ((state = 'finished') = (finished_at IS NOT NULL)),
    CHECK ((user_id IS NOT NULL) = (state IN ('bot', 'agent')))
);
INSERT INTO interactions VALUES(X'01a22bfd35c5773980380d4bf30a3916',X'01a22bfd3131723bbb7302cc52fa3c73',X'01a22bfd35b877aa8fc2705967647f9f','agent',X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd359575d99a91def61ab28c61',3,X'01a22bfd359575d99a91def61ab28c61',3,X'01a22bfd35ae7160b184822e143a6f9f',1,1,1,NULL,'[]',NULL,NULL,NULL,NULL,'TEXT','2026-11-30 10:25:44.387453','2026-11-30 10:25:44.387453',NULL,NULL);
CREATE TABLE interaction_changes (
    interaction BLOB NOT NULL CHECK (length(interaction) = 16),
    version BIGINT NOT NULL,
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    at TIMESTAMP NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'bot', 'agent', 'finished')),
    user_id BLOB CHECK (length(user_id) = 16),
    department BLOB NOT NULL CHECK (length(department) = 16),
    from_seq BIGINT NOT NULL,
    by_user BLOB CHECK (length(by_user) = 16),
    why TEXT NOT NULL,
    PRIMARY KEY (interaction, version)
);
INSERT INTO interaction_changes VALUES(X'01a22bfd35c5773980380d4bf30a3916',1,X'01a22bfd3131723bbb7302cc52fa3c73','2026-11-30 10:25:44.387453','agent',X'01a22bfd33f07218b76c6805da6b1477',X'01a22bfd359575d99a91def61ab28c61',1,X'01a22bfd35ae7160b184822e143a6f9f','started');
CREATE TABLE seats (
    participation BLOB NOT NULL PRIMARY KEY CHECK (length(participation) = 16),
    chat BLOB NOT NULL CHECK (length(chat) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16)
);
CREATE TABLE erasures (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
CREATE TABLE endpoints (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('bot', 'webhook')),
    url TEXT NOT NULL,
    format TEXT NOT NULL CHECK (format IN ('voipbin', 'zenvia', 'native')),
    -- The names of the events it is told, as a JSON list; NULL: all.
    events TEXT,
    on_parked TEXT NOT NULL CHECK (on_parked IN ('pass', 'wait')),
    -- The number of its last change, from endpoint_changes: who keeps a copy asks for what is above theirs.
    change BIGINT NOT NULL,
    -- Since when every attempt has failed.
    failing_since TIMESTAMP,
    disabled_at TIMESTAMP,
    disabled_because TEXT,
    deleted_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
INSERT INTO endpoints VALUES(X'01a22bfd3769740da98dabbc4c5bd341',X'01a22bfd3131723bbb7302cc52fa3c73','webhook','https://hooks.example/parlance','native','["webhook.disabled"]','pass',1,NULL,NULL,NULL,NULL,'2026-11-30 10:25:44.807417','2026-11-30 10:25:44.807417');
CREATE TABLE endpoint_changes (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO endpoint_changes VALUES(1,1);
CREATE TABLE endpoint_secrets (
    endpoint BLOB NOT NULL CHECK (length(endpoint) = 16),
    place BIGINT NOT NULL,
    -- The key it is encrypted under, by its id.
    key_id TEXT NOT NULL,
    -- The nonce, the ciphertext and its tag.
    sealed BLOB NOT NULL,
    made_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP,
    PRIMARY KEY (endpoint, place)
);
INSERT INTO endpoint_secrets VALUES(X'01a22bfd3769740da98dabbc4c5bd341',1,'1',X'd768bea31ba3071239866518e4dcf55fb081c77992b1d1710380106ac02f82c819d5be3dcf390a5df97511706b4e52248f1f42fba0245d8c9483bf08','2026-11-30 10:25:44.807417',NULL);
CREATE TABLE lanes (
    lane BLOB NOT NULL PRIMARY KEY CHECK (length(lane) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    endpoint BLOB NOT NULL CHECK (length(endpoint) = 16),
    interaction BLOB CHECK (length(interaction) = 16),
    -- The newest delivery's place.
    last_place BIGINT NOT NULL,
    -- Nothing up to this place is still to be sent.
    done_place BIGINT NOT NULL,
    -- When it may be claimed: the end of the lease while somebody holds it; NULL while there is nothing to send.
    due_at TIMESTAMP,
    -- The claim that holds it, if one does.
    holder BLOB CHECK (length(holder) = 16),
    -- Failed attempts of the delivery that is first.
    tries BIGINT NOT NULL,
    -- When the delivery that is first first failed.
    failing_since TIMESTAMP,
    -- The delivery that is first was given up, and the later ones wait for an operator.
    blocked BOOLEAN NOT NULL
);
CREATE TABLE deliveries (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    lane BLOB NOT NULL CHECK (length(lane) = 16),
    -- Its place in the lane, from 1; NULL once a replay has taken it.
    place BIGINT,
    endpoint BLOB NOT NULL CHECK (length(endpoint) = 16),
    -- What the receiver is told: the same over attempts and replays.
    webhook_id TEXT NOT NULL,
    event TEXT NOT NULL,
    interaction BLOB CHECK (length(interaction) = 16),
    chat BLOB CHECK (length(chat) = 16),
    message BLOB CHECK (length(message) = 16),
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'rejected', 'parked', 'cancelled')),
    body TEXT NOT NULL,
    -- The trace of the request that caused it.
    trace TEXT,
    replay_of BLOB CHECK (length(replay_of) = 16),
    created_at TIMESTAMP NOT NULL,
    settled_at TIMESTAMP
);
CREATE TABLE attempts (
    delivery BLOB NOT NULL CHECK (length(delivery) = 16),
    number BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    status BIGINT,
    duration_ms BIGINT NOT NULL,
    error TEXT,
    -- The beginning of the answer, at most 1 KiB.
    response TEXT,
    PRIMARY KEY (delivery, number)
);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('endpoint_changes','sqlite_autoindex_endpoint_changes_1','1 1');
INSERT INTO sqlite_stat1 VALUES('__diesel_schema_migrations','sqlite_autoindex___diesel_schema_migrations_1','5 1');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('departments',3);
INSERT INTO sqlite_sequence VALUES('outbox',1);
CREATE INDEX idempotency_created_at ON idempotency (created_at);
CREATE INDEX outbox_unpublished ON outbox (published_at, id, partition) WHERE published_at IS NULL;
CREATE INDEX inbox_seen_at ON inbox (seen_at);
CREATE INDEX parked_key ON parked (consumer, order_key, id);
CREATE INDEX departments_tenant ON departments (tenant, id);
CREATE INDEX departments_leaving ON departments (number) WHERE bot_leaving IS NOT NULL;
CREATE INDEX department_agents_user ON department_agents (user_id);
CREATE INDEX department_agents_tenant ON department_agents (tenant);
CREATE UNIQUE INDEX interactions_open ON interactions (chat) WHERE finished_at IS NULL;
CREATE INDEX interactions_chat ON interactions (chat, id);
CREATE INDEX interactions_tenant ON interactions (tenant, id);
CREATE INDEX interactions_state ON interactions (tenant, state, id);
CREATE INDEX interactions_user ON interactions (user_id) WHERE finished_at IS NULL;
CREATE INDEX interactions_queue ON interactions (department, changed_at, id) WHERE state = 'queued';
CREATE INDEX interactions_untold ON interactions (changed_at) WHERE told_version < version;
CREATE INDEX interaction_changes_tenant ON interaction_changes (tenant);
CREATE INDEX seats_chat ON seats (chat);
CREATE INDEX seats_user ON seats (user_id);
CREATE INDEX seats_tenant ON seats (tenant);
CREATE INDEX endpoints_tenant ON endpoints (tenant, id);
CREATE INDEX endpoints_change ON endpoints (change);
CREATE INDEX lanes_due ON lanes (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lanes_failing ON lanes (failing_since) WHERE failing_since IS NOT NULL AND interaction IS NOT NULL;
CREATE INDEX lanes_endpoint ON lanes (endpoint);
CREATE INDEX lanes_interaction ON lanes (interaction) WHERE interaction IS NOT NULL;
CREATE INDEX lanes_tenant ON lanes (tenant);
CREATE UNIQUE INDEX deliveries_lane ON deliveries (lane, place);
CREATE INDEX deliveries_tenant ON deliveries (tenant, id);
CREATE INDEX deliveries_chat ON deliveries (chat, id) WHERE chat IS NOT NULL;
CREATE INDEX deliveries_interaction ON deliveries (interaction, id) WHERE interaction IS NOT NULL;
CREATE INDEX deliveries_message ON deliveries (message, id) WHERE message IS NOT NULL;
CREATE INDEX deliveries_undelivered ON deliveries (tenant, state, id) WHERE state <> 'delivered';
CREATE INDEX deliveries_endpoint ON deliveries (endpoint, id);
CREATE INDEX interactions_customer ON interactions (customer) WHERE finished_at IS NULL AND customer IS NOT NULL;
COMMIT;
