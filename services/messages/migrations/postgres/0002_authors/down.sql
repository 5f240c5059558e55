DROP INDEX messages_author;
