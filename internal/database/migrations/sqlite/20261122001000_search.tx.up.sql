-- What can be found. Title and body are folded to bare words (database.Fold), so that
-- both engines cut and compare them alike; shown is the title as it is written.
CREATE TABLE search_entries (
	number INTEGER PRIMARY KEY,
	visibility TEXT NOT NULL,
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	lang TEXT NOT NULL,
	shown TEXT NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	UNIQUE (kind, record, lang, visibility)
);
CREATE VIRTUAL TABLE search_words USING fts5 (
	title, body, content='search_entries', content_rowid='number',
	tokenize='unicode61 remove_diacritics 0', prefix='2 3'
);
CREATE TRIGGER search_put AFTER INSERT ON search_entries BEGIN
	INSERT INTO search_words (rowid, title, body) VALUES (new.number, new.title, new.body);
END;
CREATE TRIGGER search_removed AFTER DELETE ON search_entries BEGIN
	INSERT INTO search_words (search_words, rowid, title, body) VALUES ('delete', old.number, old.title, old.body);
END;
CREATE TRIGGER search_changed AFTER UPDATE ON search_entries BEGIN
	INSERT INTO search_words (search_words, rowid, title, body) VALUES ('delete', old.number, old.title, old.body);
	INSERT INTO search_words (rowid, title, body) VALUES (new.number, new.title, new.body);
END;
