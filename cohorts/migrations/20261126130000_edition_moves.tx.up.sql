-- That a cohort went from one edition of its course to another, by whom and why, and what
-- it did to each session. Rows are added and never changed; going back is a row that
-- names the one that it undoes.
CREATE TABLE edition_moves (
    id           TEXT PRIMARY KEY,
    cohort_id    TEXT NOT NULL REFERENCES cohorts (id),
    from_edition TEXT NOT NULL REFERENCES editions (id),
    to_edition   TEXT NOT NULL REFERENCES editions (id),
    moved_by     TEXT REFERENCES persons (id),
    moved_at     TIMESTAMPTZ NOT NULL,
    reason       TEXT NOT NULL,
    sessions     JSONB NOT NULL,
    undoes       TEXT UNIQUE REFERENCES edition_moves (id)
);

CREATE INDEX edition_moves_cohort ON edition_moves (cohort_id, moved_at);
