-- Address books: whom a user wants to find again. `number` rises with every entry, so that the last one comes first.
CREATE TABLE book_entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    owner BLOB NOT NULL CHECK (length(owner) = 16),
    contact BLOB NOT NULL CHECK (length(contact) = 16),
    added_at TIMESTAMP NOT NULL,
    UNIQUE (owner, contact)
);
CREATE INDEX book_entries_owner ON book_entries (owner, number);
CREATE INDEX book_entries_contact ON book_entries (contact);
