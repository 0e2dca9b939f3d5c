-- How many people may learn in a cohort at once; 0 for as many as come. Award is the
-- funding award that new places are tagged with, "" for none.
ALTER TABLE cohorts ADD COLUMN seats INTEGER NOT NULL DEFAULT 0;

--bun:split

ALTER TABLE cohorts ADD COLUMN award TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE enrolments ADD COLUMN award TEXT NOT NULL DEFAULT '';

--bun:split

-- Who waits for a seat, oldest first. A row ends with a seat or by hand, and stays.
CREATE TABLE waits (
    id        TEXT PRIMARY KEY,
    cohort_id TEXT NOT NULL REFERENCES cohorts (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    sector    TEXT NOT NULL,
    put_by    TEXT REFERENCES persons (id),
    put_at    TIMESTAMPTZ NOT NULL,
    ended_by  TEXT REFERENCES persons (id),
    ended_at  TIMESTAMPTZ,
    seated    BOOLEAN NOT NULL DEFAULT FALSE
);

--bun:split

CREATE UNIQUE INDEX waits_in_force ON waits (cohort_id, person_id) WHERE ended_at IS NULL;

--bun:split

CREATE INDEX waits_in_order ON waits (cohort_id, id) WHERE ended_at IS NULL;
