-- A file of questions that somebody looks at before they take it in: theirs alone, kept
-- for a day.
CREATE TABLE bank_uploads (
    id        TEXT PRIMARY KEY,
    sector    TEXT NOT NULL,
    course    TEXT NOT NULL,
    file_name TEXT NOT NULL,
    format    TEXT NOT NULL,
    lang      TEXT NOT NULL,
    module_id TEXT NOT NULL,
    bytes     BYTEA NOT NULL,
    by_person TEXT NOT NULL REFERENCES persons (id),
    at        TIMESTAMPTZ NOT NULL
);
CREATE INDEX bank_uploads_by_age ON bank_uploads (at);
