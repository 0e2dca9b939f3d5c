CREATE TABLE courses (
    code TEXT PRIMARY KEY
);

-- An edition never changes once stored: other rules or another map are another edition.
CREATE TABLE editions (
    id              TEXT PRIMARY KEY,
    course_code     TEXT NOT NULL REFERENCES courses (code),
    sector          TEXT NOT NULL CHECK (sector IN ('outreach', 'law_enforcement', 'health', 'community')),
    name            TEXT NOT NULL,
    in_force_on     TEXT NOT NULL,
    minutes         INTEGER NOT NULL CHECK (minutes > 0),
    hour            INTEGER NOT NULL CHECK (hour IN (50, 60)),
    breaks_count    BOOLEAN NOT NULL,
    grace           INTEGER NOT NULL,
    rule            TEXT NOT NULL CHECK (rule IN ('full', 'ninety')),
    knowledge_pass  INTEGER NOT NULL,
    wording         TEXT NOT NULL CHECK (wording IN ('completed', 'took_part')),
    valid_months    INTEGER NOT NULL,
    weeks           INTEGER NOT NULL,
    weekly_sessions INTEGER NOT NULL,
    unconfirmed     BOOLEAN NOT NULL,
    title_en        TEXT NOT NULL,
    title_es        TEXT NOT NULL,
    competencies    JSONB NOT NULL,
    practicals      JSONB NOT NULL,
    capstone        BOOLEAN NOT NULL,
    path            TEXT NOT NULL,
    source          TEXT NOT NULL,
    UNIQUE (course_code, sector, name)
);

CREATE TABLE edition_sessions (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES editions (id),
    position   INTEGER NOT NULL,
    week       INTEGER NOT NULL,
    title_en   TEXT NOT NULL,
    title_es   TEXT NOT NULL,
    minutes    INTEGER NOT NULL,
    breaks     INTEGER NOT NULL,
    joint      BOOLEAN NOT NULL,
    UNIQUE (edition_id, position)
);

CREATE TABLE edition_parts (
    id                 TEXT PRIMARY KEY,
    edition_session_id TEXT NOT NULL REFERENCES edition_sessions (id),
    position           INTEGER NOT NULL,
    module_id          TEXT,
    part               INTEGER NOT NULL,
    title_en           TEXT NOT NULL,
    title_es           TEXT NOT NULL,
    minutes            INTEGER NOT NULL,
    UNIQUE (edition_session_id, position)
);

-- The modules of the map that had a text when the edition was stored, and the
-- version that the edition is pinned to.
CREATE TABLE edition_modules (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    module_id  TEXT NOT NULL,
    required   BOOLEAN NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (edition_id, module_id)
);

-- A person's place in a module: one row whatever the language. hash and lang are
-- what was opened last, and stay as they were once the module is marked done.
CREATE TABLE readings (
    id        TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    module_id TEXT NOT NULL,
    hash      TEXT NOT NULL REFERENCES module_versions (hash),
    lang      TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    furthest  INTEGER NOT NULL DEFAULT 0,
    done_at   TIMESTAMPTZ,
    UNIQUE (person_id, module_id)
);
