DROP TABLE erasures;
DROP TABLE hidden_copies;
DROP TABLE reads;
DROP TABLE post_keys;
DROP TABLE messages;
DROP TABLE heads;
DROP SEQUENCE message_numbers;
