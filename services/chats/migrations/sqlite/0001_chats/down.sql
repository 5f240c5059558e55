DROP TABLE erasures;
DROP TABLE participants;
DROP TABLE chats;
DROP TABLE user_heads;
DROP TABLE tenant_heads;
