-- What one first try at a check showed, question by question, for statistics over many:
-- without a person or a cohort. Written at the hand-in, and anew when a grade changes.
CREATE TABLE tallies (
    attempt_id TEXT PRIMARY KEY REFERENCES attempts (id),
    sector     TEXT NOT NULL,
    module_id  TEXT NOT NULL,
    quiz_hash  TEXT NOT NULL REFERENCES quizzes (hash),
    marks      TEXT NOT NULL
);
CREATE INDEX tallies_by_module ON tallies (sector, module_id);
