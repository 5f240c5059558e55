-- The last message of each author in each chat, for lists of chats.
CREATE INDEX messages_author ON messages (chat_id, author, seq);
