DROP TABLE erasures;
DROP TABLE presence;
DROP TABLE members;
DROP TABLE chat_copies;
DROP TABLE feed;
DROP TABLE tenant_heads;
