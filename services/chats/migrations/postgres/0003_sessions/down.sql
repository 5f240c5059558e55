DROP TABLE documents;
ALTER TABLE participants DROP COLUMN closed_seq;
ALTER TABLE participants DROP COLUMN status;
DROP INDEX chats_group_id;
ALTER TABLE chats DROP COLUMN group_id;
