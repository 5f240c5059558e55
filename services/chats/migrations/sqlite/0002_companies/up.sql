-- The company a chat is about, and when it was said to be done with.
ALTER TABLE chats ADD COLUMN company BLOB CHECK (length(company) = 16);
ALTER TABLE chats ADD COLUMN closed_at TIMESTAMP;
CREATE INDEX chats_tenant_number ON chats (tenant, number);
