-- What can be found. Title and body are folded to bare words (database.Fold), so that
-- both engines cut and compare them alike; shown is the title as it is written.
CREATE TABLE search_entries (
	number BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	visibility TEXT NOT NULL,
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	lang TEXT NOT NULL,
	shown TEXT NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	words TSVECTOR GENERATED ALWAYS AS (
		setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B')
	) STORED,
	UNIQUE (kind, record, lang, visibility)
);
CREATE INDEX search_words ON search_entries USING gin (words);
