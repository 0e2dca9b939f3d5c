-- The weekly meetings that a cohort was laid out by, and the days on which it does not meet
-- besides the holidays. An empty rhythm is read from the sessions.
ALTER TABLE cohorts ADD COLUMN rhythm JSONB NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE cohorts ADD COLUMN days_off JSONB NOT NULL DEFAULT '[]';

--bun:split

-- That a cohort's schedule was changed: by whom, when, why, and what each session was before
-- and became. Rows are added and never changed; undoing is a row that names the one that it
-- undoes.
CREATE TABLE schedule_changes (
    id        TEXT PRIMARY KEY,
    cohort_id TEXT NOT NULL REFERENCES cohorts (id),
    kind      TEXT NOT NULL,
    made_by   TEXT REFERENCES persons (id),
    made_at   TIMESTAMPTZ NOT NULL,
    reason    TEXT NOT NULL,
    sessions  JSONB NOT NULL,
    undoes    TEXT UNIQUE REFERENCES schedule_changes (id)
);

--bun:split

CREATE INDEX schedule_changes_cohort ON schedule_changes (cohort_id, made_at);
