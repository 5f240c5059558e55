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
CREATE INDEX departments_tenant ON departments (tenant, id);
CREATE INDEX departments_leaving ON departments (number) WHERE bot_leaving IS NOT NULL;

-- Who serves a department's customers when its bot does not.
CREATE TABLE department_agents (
    department BLOB NOT NULL CHECK (length(department) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    -- The user's integer id: of agents who are equally busy the lowest is next.
    user_number BIGINT NOT NULL,
    PRIMARY KEY (department, user_id)
);
CREATE INDEX department_agents_user ON department_agents (user_id);
CREATE INDEX department_agents_tenant ON department_agents (tenant);

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
-- One at a time.
CREATE UNIQUE INDEX interactions_open ON interactions (chat) WHERE finished_at IS NULL;
CREATE INDEX interactions_chat ON interactions (chat, id);
CREATE INDEX interactions_tenant ON interactions (tenant, id);
CREATE INDEX interactions_state ON interactions (tenant, state, id);
-- Who is how busy, and what somebody serves.
CREATE INDEX interactions_user ON interactions (user_id) WHERE finished_at IS NULL;
-- Who waits, in their order.
CREATE INDEX interactions_queue ON interactions (department, changed_at, id) WHERE state = 'queued';
CREATE INDEX interactions_untold ON interactions (changed_at) WHERE told_version < version;

-- How interactions changed hands.
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
CREATE INDEX interaction_changes_tenant ON interaction_changes (tenant);

-- The stays of departments' bots in chats that this service knows of. A new one starts an interaction.
CREATE TABLE seats (
    participation BLOB NOT NULL PRIMARY KEY CHECK (length(participation) = 16),
    chat BLOB NOT NULL CHECK (length(chat) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    tenant BLOB NOT NULL CHECK (length(tenant) = 16)
);
CREATE INDEX seats_chat ON seats (chat);
CREATE INDEX seats_user ON seats (user_id);
CREATE INDEX seats_tenant ON seats (tenant);

-- Deleted tenants whose rows are still to be erased.
CREATE TABLE erasures (
    tenant BLOB NOT NULL PRIMARY KEY CHECK (length(tenant) = 16),
    due_at TIMESTAMP NOT NULL,
    -- Whether everything was erased once; the second time catches what was under way then.
    swept BOOLEAN NOT NULL
);
