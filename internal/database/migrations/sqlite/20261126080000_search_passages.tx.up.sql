-- The text as it is written, to show where words were found, and the words that each
-- visibility has, to find what is near to a word that nobody wrote.
ALTER TABLE search_entries ADD COLUMN passage TEXT NOT NULL DEFAULT '';
--bun:split
CREATE TABLE search_vocabulary (
	visibility TEXT NOT NULL,
	initial TEXT NOT NULL,
	length INTEGER NOT NULL,
	word TEXT NOT NULL,
	PRIMARY KEY (visibility, initial, length, word)
) WITHOUT ROWID;
