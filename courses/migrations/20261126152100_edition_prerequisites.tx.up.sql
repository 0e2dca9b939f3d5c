-- The courses that an edition comes after, as its file says: what a trainee has completed
-- before. It is told, and it keeps nobody out.
CREATE TABLE edition_prerequisites (
    edition_id  TEXT NOT NULL REFERENCES editions (id),
    position    INTEGER NOT NULL,
    course_code TEXT NOT NULL REFERENCES courses (code),
    PRIMARY KEY (edition_id, course_code)
);
