DROP TABLE book_entries;
