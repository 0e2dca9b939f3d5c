-- More time and more tries for a person, and that a trainee has asked for time.
-- Append-only: what is taken back is a line that undoes another. The module is '' for
-- every check of the course, the reason a code and never words.
CREATE TABLE allowances (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    module_id    TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('minutes', 'percent', 'tries', 'asked')),
    amount       INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    undoes       TEXT UNIQUE REFERENCES allowances (id),
    line         TEXT NOT NULL UNIQUE,
    by_person    TEXT REFERENCES persons (id),
    at           TIMESTAMPTZ NOT NULL
);
CREATE INDEX allowances_by_enrolment ON allowances (enrolment_id, module_id);

-- How many minutes more than the edition's limit the deadline holds, and whether the
-- attempt is a try that was given besides.
ALTER TABLE attempts ADD COLUMN allowed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN extra BOOLEAN NOT NULL DEFAULT FALSE;
