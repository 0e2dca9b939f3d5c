CREATE TABLE module_versions (
    hash             TEXT PRIMARY KEY,
    module_id        TEXT NOT NULL,
    lang             TEXT NOT NULL,
    version          INTEGER NOT NULL,
    title            TEXT NOT NULL,
    care             INTEGER NOT NULL CHECK (care BETWEEN 1 AND 3),
    minutes          INTEGER NOT NULL CHECK (minutes > 0),
    sensitivity      JSONB NOT NULL,
    objectives       JSONB NOT NULL,
    sources          JSONB NOT NULL,
    translates       TEXT,
    reviewed_by      TEXT NOT NULL,
    reviewed_on      TEXT NOT NULL,
    path             TEXT NOT NULL,
    source           TEXT NOT NULL,
    html             TEXT NOT NULL,
    alternative_html TEXT NOT NULL,
    sections         JSONB NOT NULL,
    words            INTEGER NOT NULL,
    grade            DOUBLE PRECISION NOT NULL,
    joint            BOOLEAN NOT NULL,
    has_check        BOOLEAN NOT NULL,
    care_note        TEXT NOT NULL,
    published_at     TIMESTAMPTZ NOT NULL,
    UNIQUE (module_id, lang, version)
);

CREATE TABLE module_sectors (
    hash   TEXT NOT NULL REFERENCES module_versions (hash),
    sector TEXT NOT NULL,
    PRIMARY KEY (hash, sector)
);

CREATE TABLE module_openings (
    module_id TEXT NOT NULL,
    sector    TEXT NOT NULL,
    opens_at  TIMESTAMPTZ NOT NULL,
    closes_at TIMESTAMPTZ NOT NULL,
    cause     TEXT NOT NULL,
    PRIMARY KEY (module_id, sector, cause)
);

CREATE INDEX module_openings_cause ON module_openings (cause);

CREATE TABLE guides (
    hash      TEXT PRIMARY KEY,
    module_id TEXT NOT NULL,
    lang      TEXT NOT NULL,
    version   INTEGER NOT NULL,
    title     TEXT NOT NULL,
    minutes   INTEGER NOT NULL,
    path      TEXT NOT NULL,
    source    TEXT NOT NULL,
    html      TEXT NOT NULL,
    UNIQUE (module_id, lang, version)
);

CREATE TABLE glossary_terms (
    id      TEXT NOT NULL,
    lang    TEXT NOT NULL,
    term    TEXT NOT NULL,
    meaning TEXT NOT NULL,
    PRIMARY KEY (id, lang)
);

CREATE TABLE pictures (
    module_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes      BYTEA NOT NULL,
    PRIMARY KEY (module_id, name)
);

CREATE TABLE closed_answers (
    person_id TEXT NOT NULL REFERENCES persons (id),
    module_id TEXT NOT NULL,
    cause     TEXT NOT NULL,
    PRIMARY KEY (person_id, module_id, cause)
);

CREATE INDEX closed_answers_cause ON closed_answers (cause);
