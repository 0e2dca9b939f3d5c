-- A reader's own highlights and notes. They prove nothing, are read by nobody else and
-- go when their reader says so. A note belongs to the sector in which it was written, as
-- its page does. quote_key and text_key hold the words folded, for their reader's search.
CREATE TABLE notes (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES persons (id),
    sector     TEXT NOT NULL,
    module_id  TEXT NOT NULL,
    hash       TEXT NOT NULL REFERENCES module_versions (hash),
    section    INTEGER NOT NULL CHECK (section >= 0),
    anchor     TEXT NOT NULL,
    quote      TEXT NOT NULL,
    occurrence INTEGER NOT NULL CHECK (occurrence >= 0),
    text       TEXT NOT NULL,
    quote_key  TEXT NOT NULL,
    text_key   TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    CHECK (quote <> '' OR text <> '')
);

CREATE INDEX notes_in_order ON notes (person_id, sector, module_id, section, id);
