-- The group whose chat it is: its members take part.
ALTER TABLE chats ADD COLUMN group_id BYTEA CHECK (octet_length(group_id) = 16);
CREATE INDEX chats_group_id ON chats (group_id);

-- What a participant makes of the chat for themselves, and the chat's last place when they closed their window.
ALTER TABLE participants ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'favorite', 'archive'));
ALTER TABLE participants ADD COLUMN closed_seq BIGINT;

-- Records of other systems that chats are about.
CREATE TABLE documents (
    number BIGSERIAL PRIMARY KEY,
    chat BYTEA NOT NULL CHECK (octet_length(chat) = 16),
    model TEXT NOT NULL,
    record BIGINT NOT NULL,
    UNIQUE (chat, model, record)
);
