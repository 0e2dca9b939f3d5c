-- What was decided about the tries at older versions of a check, once some of its
-- questions had been corrected: to score them by the corrected keys, or to leave them.
-- Append-only but for how far a long one has come: after is the last try that was looked at.
CREATE TABLE corrections (
    id        TEXT PRIMARY KEY,
    sector    TEXT NOT NULL,
    module_id TEXT NOT NULL,
    quiz_hash TEXT NOT NULL REFERENCES quizzes (hash),
    decision  TEXT NOT NULL CHECK (decision IN ('regrade', 'leave')),
    lowers    BOOLEAN NOT NULL,
    reason    TEXT NOT NULL,
    by_person TEXT REFERENCES persons (id),
    at        TIMESTAMPTZ NOT NULL,
    total     INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    after     TEXT NOT NULL,
    done_at   TIMESTAMPTZ
);
CREATE INDEX corrections_of_module ON corrections (sector, module_id, id);
CREATE INDEX attempts_of_module ON attempts (sector, module_id, id);
