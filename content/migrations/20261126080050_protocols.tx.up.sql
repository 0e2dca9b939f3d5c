-- The common practices of the partners. A version never changes once stored.
CREATE TABLE protocol_versions (
    hash         TEXT PRIMARY KEY,
    protocol_id  TEXT NOT NULL,
    lang         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    title        TEXT NOT NULL,
    sensitivity  JSONB NOT NULL,
    owner        TEXT NOT NULL,
    standing     TEXT NOT NULL CHECK (standing IN ('draft', 'confirmed')),
    sources      JSONB NOT NULL,
    translates   TEXT,
    reviewed_by  TEXT NOT NULL,
    reviewed_on  TEXT NOT NULL,
    review_due   TEXT NOT NULL,
    path         TEXT NOT NULL,
    source       TEXT NOT NULL,
    html         TEXT NOT NULL,
    words        INTEGER NOT NULL,
    joint        BOOLEAN NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    UNIQUE (protocol_id, lang, version)
);

CREATE TABLE protocol_sectors (
    hash   TEXT NOT NULL REFERENCES protocol_versions (hash),
    sector TEXT NOT NULL,
    PRIMARY KEY (hash, sector)
);

-- Which protocols a version of a module goes by.
CREATE TABLE module_protocols (
    hash        TEXT NOT NULL REFERENCES module_versions (hash),
    protocol_id TEXT NOT NULL,
    PRIMARY KEY (hash, protocol_id)
);

CREATE INDEX module_protocols_protocol ON module_protocols (protocol_id);
