-- A calendar feed is opened by its token alone, of which only the SHA-256 is kept. One
-- is in force for each person and sector; making a new one ends the one before.
CREATE TABLE calendar_feeds (
    token_hash TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES persons (id),
    sector     TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ
);

--bun:split

CREATE UNIQUE INDEX calendar_feeds_in_force ON calendar_feeds (person_id, sector) WHERE ended_at IS NULL;
