-- Who reads a text to give it points, until when. Past that time the row says nothing.
CREATE TABLE grading_claims (
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    question_id TEXT NOT NULL,
    by_person   TEXT NOT NULL REFERENCES persons (id),
    until       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (attempt_id, question_id)
);

-- What a grader has put down and not yet given: theirs alone, and gone with the grade.
-- Points stand on the essay's own scale, -1 for none yet.
CREATE TABLE grading_drafts (
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    question_id TEXT NOT NULL,
    by_person   TEXT NOT NULL REFERENCES persons (id),
    points      INTEGER NOT NULL,
    comment     TEXT NOT NULL,
    device      TEXT NOT NULL,
    version     INTEGER NOT NULL,
    saved_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (attempt_id, question_id, by_person)
);

-- How many graders each text of a module's check needs in a cohort; one where no row is.
CREATE TABLE grading_markers (
    cohort_id TEXT NOT NULL REFERENCES cohorts (id),
    module_id TEXT NOT NULL,
    markers   INTEGER NOT NULL CHECK (markers IN (1, 2)),
    by_person TEXT REFERENCES persons (id),
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (cohort_id, module_id)
);

-- What each of two graders gave, of 100, without knowing of the other. Append-only, but
-- for the comment, which goes with that of the grade.
CREATE TABLE grading_marks (
    id          TEXT PRIMARY KEY,
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    question_id TEXT NOT NULL,
    points      INTEGER NOT NULL,
    comment     TEXT NOT NULL,
    by_person   TEXT NOT NULL REFERENCES persons (id),
    at          TIMESTAMPTZ NOT NULL,
    UNIQUE (attempt_id, question_id, by_person)
);

-- Comments that a grader uses again, in one course.
CREATE TABLE grading_comments (
    id          TEXT PRIMARY KEY,
    by_person   TEXT NOT NULL REFERENCES persons (id),
    sector      TEXT NOT NULL,
    course_code TEXT NOT NULL,
    text        TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    UNIQUE (by_person, sector, course_code, text)
);
