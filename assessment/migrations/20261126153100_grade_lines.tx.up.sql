-- How many texts of an attempt still wait for a grader, and when its grade began to
-- count: at once where the program gives all points, else when it is released.
ALTER TABLE attempts ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN released_at TIMESTAMPTZ;
UPDATE attempts SET released_at = finished_at WHERE finished_at IS NOT NULL;

-- The points of one question of an attempt, of 100. Append-only; the newest (highest
-- seq) speaks, and the attempt's percent is their sum. Comments are taken out 30 days
-- later (rule 18); the line stays.
CREATE TABLE grade_lines (
    id          TEXT PRIMARY KEY,
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    question_id TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    points      INTEGER NOT NULL,
    source      TEXT NOT NULL,
    by_person   TEXT REFERENCES persons (id),
    at          TIMESTAMPTZ NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    comment     TEXT NOT NULL DEFAULT '',
    erased_at   TIMESTAMPTZ,
    UNIQUE (attempt_id, question_id, seq)
);
CREATE INDEX grade_lines_to_erase ON grade_lines (at) WHERE erased_at IS NULL AND source <> 'computed';
CREATE INDEX attempts_waiting ON attempts (module_id) WHERE finished_at IS NOT NULL AND released_at IS NULL;

-- A text that was taken out again leaves its line behind, empty.
ALTER TABLE answers ADD COLUMN erased_at TIMESTAMPTZ;
ALTER TABLE current_answers ADD COLUMN erased_at TIMESTAMPTZ;

-- A reflection is its writer's alone until it has a row here.
CREATE TABLE reflections_sent (
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    question_id TEXT NOT NULL,
    sent_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (attempt_id, question_id)
);
