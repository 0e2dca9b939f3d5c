-- Words in titles, found without opening the texts that have them elsewhere: an index
-- over both can't tell where in an entry a word stands. It has no list of what waits to be
-- taken up, which every search would have to read through.
CREATE INDEX search_titles ON search_entries USING gin (to_tsvector('simple', title)) WITH (fastupdate = off);
--bun:split
-- The first entries that have what is asked for, in the title or anywhere. No other way
-- than the two indexes of words: the planner does not know that it opens each entry's list
-- of words to look without them, and for common words takes that for cheap.
CREATE FUNCTION search_candidates(asked TSQUERY, in_title BOOLEAN, seen TEXT[], kinds TEXT[], language TEXT, most INTEGER)
RETURNS SETOF BIGINT LANGUAGE plpgsql STABLE ROWS 150
SET enable_seqscan = off SET enable_indexscan = off
AS $$
BEGIN
	IF in_title THEN
		RETURN QUERY SELECT e.number FROM search_entries AS e
			WHERE to_tsvector('simple', e.title) @@ asked AND e.visibility = ANY (seen)
				AND (cardinality(kinds) = 0 OR e.kind = ANY (kinds)) AND (language = '' OR e.lang = language)
			LIMIT most;
	ELSE
		RETURN QUERY SELECT e.number FROM search_entries AS e
			WHERE e.words @@ asked AND e.visibility = ANY (seen)
				AND (cardinality(kinds) = 0 OR e.kind = ANY (kinds)) AND (language = '' OR e.lang = language)
			LIMIT most;
	END IF;
END $$;
