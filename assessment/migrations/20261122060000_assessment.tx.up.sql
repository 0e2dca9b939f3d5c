-- A quiz is immutable: its key is the SHA-256 of its files, English then Spanish.
CREATE TABLE quizzes (
    hash      TEXT PRIMARY KEY,
    module_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    title_en  TEXT NOT NULL,
    title_es  TEXT NOT NULL DEFAULT '',
    pass      INTEGER NOT NULL,
    questions INTEGER NOT NULL,
    path_en   TEXT NOT NULL,
    path_es   TEXT NOT NULL DEFAULT '',
    source_en TEXT NOT NULL,
    source_es TEXT NOT NULL DEFAULT '',
    stored_at TIMESTAMPTZ NOT NULL,
    UNIQUE (module_id, version)
);

CREATE TABLE questions (
    quiz_hash TEXT NOT NULL REFERENCES quizzes (hash),
    id        TEXT NOT NULL,
    position  INTEGER NOT NULL,
    type      TEXT NOT NULL,
    objective INTEGER NOT NULL DEFAULT 0,
    body      JSONB NOT NULL,
    PRIMARY KEY (quiz_hash, id)
);

-- revision is counted up by whatever touches an attempt, so that saves and the
-- hand-in of one attempt follow one another on every engine.
CREATE TABLE attempts (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    person_id    TEXT NOT NULL REFERENCES persons (id),
    sector       TEXT NOT NULL,
    quiz_hash    TEXT NOT NULL REFERENCES quizzes (hash),
    module_id    TEXT NOT NULL,
    number       INTEGER NOT NULL,
    seed         INTEGER NOT NULL,
    started_at   TIMESTAMPTZ NOT NULL,
    finished_at  TIMESTAMPTZ,
    correct      INTEGER NOT NULL DEFAULT 0,
    total        INTEGER NOT NULL DEFAULT 0,
    earned       INTEGER NOT NULL DEFAULT 0,
    percent      INTEGER NOT NULL DEFAULT 0,
    receipt      TEXT NOT NULL DEFAULT '',
    revision     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (enrolment_id, module_id, number)
);
CREATE INDEX attempts_by_person ON attempts (person_id, module_id);

-- One open attempt of a module at a time: two taps on Start give the same one.
CREATE UNIQUE INDEX attempts_open ON attempts (enrolment_id, module_id) WHERE finished_at IS NULL;

-- Every answer that reached the server, kept or refused. Append-only. The version is
-- the one that it became, or, where it was refused, the one that it had last seen.
CREATE TABLE answers (
    id          TEXT PRIMARY KEY,
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    question_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    device      TEXT NOT NULL,
    value       JSONB NOT NULL,
    refused     BOOLEAN NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX answers_by_attempt ON answers (attempt_id, question_id);

-- The answer that counts now, with the version that the next save must have seen.
CREATE TABLE current_answers (
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    question_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    device      TEXT NOT NULL,
    value       JSONB NOT NULL,
    saved_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (attempt_id, question_id)
);

-- What opened more tries after so many: the trainee has read the module again, or staff
-- and trainee have talked about it. Append-only.
CREATE TABLE reopenings (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    module_id    TEXT NOT NULL,
    after_tries  INTEGER NOT NULL,
    by_person    TEXT REFERENCES persons (id),
    at           TIMESTAMPTZ NOT NULL,
    UNIQUE (enrolment_id, module_id, after_tries)
);

-- Levels of practical skills, as observed. Append-only; the newest (highest seq) speaks.
CREATE TABLE practical_records (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    practical_id TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    level        TEXT NOT NULL,
    line         TEXT NOT NULL UNIQUE,
    by_person    TEXT REFERENCES persons (id),
    at           TIMESTAMPTZ NOT NULL,
    UNIQUE (enrolment_id, practical_id, seq)
);
