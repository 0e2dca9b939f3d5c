-- One file of questions that was taken into a course's bank. Undoing it takes its
-- questions away again; the line stays.
CREATE TABLE bank_imports (
    id        TEXT PRIMARY KEY,
    sector    TEXT NOT NULL,
    course    TEXT NOT NULL,
    file_name TEXT NOT NULL,
    format    TEXT NOT NULL,
    lang      TEXT NOT NULL,
    added     INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    known     INTEGER NOT NULL,
    left_out  INTEGER NOT NULL,
    by_person TEXT REFERENCES persons (id),
    at        TIMESTAMPTZ NOT NULL,
    undone_by TEXT REFERENCES persons (id),
    undone_at TIMESTAMPTZ
);
CREATE INDEX bank_imports_of_course ON bank_imports (sector, course, id);

-- What a question of a bank is called, and what its newest version says in short. The
-- hash is that of its English words and key, so that the same question is known again.
CREATE TABLE bank_questions (
    id        TEXT PRIMARY KEY,
    sector    TEXT NOT NULL,
    course    TEXT NOT NULL,
    name      TEXT NOT NULL,
    title     TEXT NOT NULL,
    type      TEXT NOT NULL,
    module_id TEXT NOT NULL,
    objective INTEGER NOT NULL,
    shown     TEXT NOT NULL,
    words     TEXT NOT NULL,
    tags      JSONB NOT NULL,
    spanish   BOOLEAN NOT NULL,
    version   INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    UNIQUE (sector, course, name)
);
CREATE INDEX bank_questions_of_course ON bank_questions (sector, course, id);

-- Every version of a question as it was written, English and Spanish. Immutable.
CREATE TABLE bank_versions (
    question_id TEXT NOT NULL REFERENCES bank_questions (id),
    number      INTEGER NOT NULL,
    hash        TEXT NOT NULL,
    title       TEXT NOT NULL,
    module_id   TEXT NOT NULL,
    source_en   TEXT NOT NULL,
    source_es   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    import_id   TEXT REFERENCES bank_imports (id),
    by_person   TEXT REFERENCES persons (id),
    at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (question_id, number)
);
CREATE INDEX bank_versions_of_import ON bank_versions (import_id);
