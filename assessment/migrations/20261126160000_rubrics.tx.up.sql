-- A rubric is immutable: its key is the SHA-256 of its file.
CREATE TABLE rubrics (
    hash         TEXT PRIMARY KEY,
    practical_id TEXT NOT NULL,
    sector       TEXT NOT NULL,
    version      INTEGER NOT NULL,
    minutes      INTEGER NOT NULL,
    setup        JSONB NOT NULL,
    criteria     JSONB NOT NULL,
    path         TEXT NOT NULL,
    source       TEXT NOT NULL,
    stored_at    TIMESTAMPTZ NOT NULL
);

-- Which courses observe a skill by which version; the newest version counts.
CREATE TABLE rubric_courses (
    practical_id TEXT NOT NULL,
    sector       TEXT NOT NULL,
    course_code  TEXT NOT NULL,
    version      INTEGER NOT NULL,
    rubric_hash  TEXT NOT NULL REFERENCES rubrics (hash),
    PRIMARY KEY (practical_id, sector, course_code, version)
);
