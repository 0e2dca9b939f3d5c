-- What observers of a practical saw, line by line. Append-only: an observer never writes
-- over another, and all of a round stand in one order (seq), in which the statement that
-- writes the next line decides. Kinds: level (of a criterion, on one's own sheet), sent
-- (one's sheet), settled (a criterion on which two differ), released (the whole).
CREATE TABLE observations (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    practical_id TEXT NOT NULL,
    round        INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    rubric_hash  TEXT NOT NULL REFERENCES rubrics (hash),
    criterion    TEXT NOT NULL,
    level        TEXT NOT NULL,
    proposed     TEXT NOT NULL,
    note         TEXT NOT NULL,
    late         BOOLEAN NOT NULL,
    line         TEXT NOT NULL UNIQUE,
    by_person    TEXT REFERENCES persons (id),
    made_at      TIMESTAMPTZ,
    received_at  TIMESTAMPTZ NOT NULL,
    erased_at    TIMESTAMPTZ,
    UNIQUE (enrolment_id, practical_id, round, seq)
);

-- The round of observations whose release wrote the record; 0 for one tap.
ALTER TABLE practical_records ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
