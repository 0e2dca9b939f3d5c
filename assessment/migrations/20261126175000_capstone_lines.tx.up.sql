-- The advisor of a trainee's final project, and the talk about it. Append-only; of each
-- kind (advisor, talk) the newest line (highest seq) speaks. A talk has a day, and is
-- planned until a later line says that it was held.
CREATE TABLE capstone_lines (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    kind         TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    with_person  TEXT NOT NULL REFERENCES persons (id),
    day          TEXT NOT NULL,
    held         BOOLEAN NOT NULL,
    line         TEXT NOT NULL UNIQUE,
    by_person    TEXT REFERENCES persons (id),
    at           TIMESTAMPTZ NOT NULL,
    UNIQUE (enrolment_id, kind, seq)
);
