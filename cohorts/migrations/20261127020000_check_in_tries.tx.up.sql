-- How often an account has tried a check-in code, until when the tries count. A right one
-- takes the row away.
CREATE TABLE check_in_tries (
    person_id TEXT PRIMARY KEY REFERENCES persons (id),
    tried     INTEGER NOT NULL,
    free_at   TIMESTAMPTZ NOT NULL
);
