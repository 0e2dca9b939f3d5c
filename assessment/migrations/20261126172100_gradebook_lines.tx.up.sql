-- What a person set beside a computed value of the gradebook: a value, an excuse, or that
-- either is taken back. Append-only; the newest (highest seq) speaks. The reason is a code
-- and a few words; the words are taken out 30 days later (rule 18), the line stays.
CREATE TABLE gradebook_lines (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    column_kind  TEXT NOT NULL,
    column_id    TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    percent      INTEGER NOT NULL DEFAULT 0,
    level        TEXT NOT NULL DEFAULT '',
    code         TEXT NOT NULL,
    words        TEXT NOT NULL DEFAULT '',
    by_person    TEXT REFERENCES persons (id),
    at           TIMESTAMPTZ NOT NULL,
    erased_at    TIMESTAMPTZ,
    UNIQUE (enrolment_id, column_kind, column_id, seq)
);
CREATE INDEX gradebook_lines_to_erase ON gradebook_lines (at) WHERE erased_at IS NULL AND words <> '';
