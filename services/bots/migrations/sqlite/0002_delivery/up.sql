-- Where deliveries go: the bots of departments (their id is the department's) and customers' webhooks.
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
CREATE INDEX endpoints_tenant ON endpoints (tenant, id);
CREATE INDEX endpoints_change ON endpoints (change);

-- One row: the number of the last change of any endpoint.
CREATE TABLE endpoint_changes (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO endpoint_changes (id, last) VALUES (1, 0);

-- What an endpoint's deliveries are signed with. All rows sign, until their end.
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

-- What goes to one endpoint in order: of one interaction, or of one chat. Instances claim lanes, not deliveries.
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
CREATE INDEX lanes_due ON lanes (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lanes_failing ON lanes (failing_since) WHERE failing_since IS NOT NULL AND interaction IS NOT NULL;
CREATE INDEX lanes_endpoint ON lanes (endpoint);
CREATE INDEX lanes_interaction ON lanes (interaction) WHERE interaction IS NOT NULL;
CREATE INDEX lanes_tenant ON lanes (tenant);

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
CREATE UNIQUE INDEX deliveries_lane ON deliveries (lane, place);
CREATE INDEX deliveries_tenant ON deliveries (tenant, id);
CREATE INDEX deliveries_chat ON deliveries (chat, id) WHERE chat IS NOT NULL;
CREATE INDEX deliveries_interaction ON deliveries (interaction, id) WHERE interaction IS NOT NULL;
CREATE INDEX deliveries_message ON deliveries (message, id) WHERE message IS NOT NULL;
-- Almost everything is delivered: what is not is found without passing it.
CREATE INDEX deliveries_undelivered ON deliveries (tenant, state, id) WHERE state <> 'delivered';

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
