DROP INDEX chats_tenant_number;
ALTER TABLE chats DROP COLUMN closed_at;
ALTER TABLE chats DROP COLUMN company;
