ALTER TABLE outgoing DROP COLUMN secret_of;
DROP TABLE codes;
DROP TABLE chat_passwords;
ALTER TABLE tokens DROP COLUMN chat_id;
