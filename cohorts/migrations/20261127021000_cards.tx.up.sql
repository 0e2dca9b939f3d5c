-- A card that its holder shows to an instructor, who scans it. Its key is random and leaves
-- the Academy; who reads it learns nothing, for only who runs a class of the holder's can
-- open it. A person has one at a time.
CREATE TABLE cards (
    id        TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    sector    TEXT NOT NULL,
    made_at   TIMESTAMPTZ NOT NULL,
    ended_at  TIMESTAMPTZ
);

--bun:split

CREATE UNIQUE INDEX cards_in_use ON cards (person_id, sector) WHERE ended_at IS NULL;
