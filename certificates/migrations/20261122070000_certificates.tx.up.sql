-- A decision is made once, by a named person, on a frozen picture of the checklist
-- and of everything that it rests on.
CREATE TABLE decisions (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL UNIQUE REFERENCES enrolments (id),
    person_id    TEXT NOT NULL REFERENCES persons (id),
    sector       TEXT NOT NULL,
    checklist    JSONB NOT NULL,
    evidence     TEXT NOT NULL,
    decided_by   TEXT REFERENCES persons (id),
    decided_at   TIMESTAMPTZ NOT NULL
);

--bun:split

-- What a certificate says never changes. Only its standing does, and each change of
-- it is a row of standings.
CREATE TABLE certificates (
    id              TEXT PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    decision_id     TEXT NOT NULL UNIQUE REFERENCES decisions (id),
    enrolment_id    TEXT NOT NULL REFERENCES enrolments (id),
    person_id       TEXT NOT NULL REFERENCES persons (id),
    sector          TEXT NOT NULL,
    edition_id      TEXT NOT NULL REFERENCES editions (id),
    course_code     TEXT NOT NULL,
    edition         TEXT NOT NULL,
    title_en        TEXT NOT NULL,
    title_es        TEXT NOT NULL,
    areas_en        JSONB NOT NULL,
    areas_es        JSONB NOT NULL,
    wording         TEXT NOT NULL,
    minutes         INTEGER NOT NULL,
    hour            INTEGER NOT NULL,
    first_session   TEXT NOT NULL,
    last_session    TEXT NOT NULL,
    completed_on    TEXT NOT NULL,
    time_zone       TEXT NOT NULL,
    signatory       TEXT NOT NULL,
    signatory_title TEXT NOT NULL,
    issued_by       TEXT REFERENCES persons (id),
    issued_at       TIMESTAMPTZ NOT NULL,
    valid_until     TIMESTAMPTZ,
    sample          BOOLEAN NOT NULL,
    standing        TEXT NOT NULL,
    standing_since  TIMESTAMPTZ NOT NULL,
    revision        INTEGER NOT NULL DEFAULT 0
);

--bun:split

CREATE INDEX certificates_by_person ON certificates (person_id);

--bun:split

CREATE INDEX certificates_by_enrolment ON certificates (enrolment_id);

--bun:split

CREATE INDEX certificates_by_sector ON certificates (sector, id);

--bun:split

CREATE TABLE standings (
    id             TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificates (id),
    standing       TEXT NOT NULL,
    reason         TEXT NOT NULL,
    by_person      TEXT REFERENCES persons (id),
    at             TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX standings_by_certificate ON standings (certificate_id);

--bun:split

-- A copy is one PDF of a certificate for one receiver. Its credential and its file are
-- drawn once, after the commit, and are then the bytes that are served.
CREATE TABLE copies (
    id             TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificates (id),
    label          TEXT NOT NULL,
    name           TEXT NOT NULL,
    language       TEXT NOT NULL,
    ends_at        TIMESTAMPTZ,
    line           TEXT NOT NULL UNIQUE,
    made_at        TIMESTAMPTZ NOT NULL,
    ended_at       TIMESTAMPTZ,
    share_mac      TEXT NOT NULL UNIQUE,
    share_sealed   BYTEA NOT NULL,
    status_index   INTEGER NOT NULL UNIQUE,
    evidence_key   BYTEA NOT NULL,
    credential     TEXT,
    credential_sha TEXT UNIQUE,
    file_sha       TEXT,
    drawn_at       TIMESTAMPTZ
);

--bun:split

CREATE INDEX copies_by_certificate ON copies (certificate_id);

--bun:split

CREATE TABLE issuing_keys (
    id             TEXT PRIMARY KEY,
    purpose        TEXT NOT NULL,
    public         BYTEA NOT NULL,
    sealed         BYTEA NOT NULL,
    certificate    BYTEA,
    state          TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    retired_at     TIMESTAMPTZ,
    compromised_at TIMESTAMPTZ
);

--bun:split

CREATE UNIQUE INDEX issuing_keys_active ON issuing_keys (purpose) WHERE state = 'active';

--bun:split

-- The issuance log, hash-chained: each line holds the hash of the one before.
CREATE TABLE issuance_log (
    position       INTEGER PRIMARY KEY,
    copy_id        TEXT NOT NULL UNIQUE REFERENCES copies (id),
    credential_sha TEXT NOT NULL UNIQUE,
    previous       TEXT NOT NULL,
    hash           TEXT NOT NULL,
    at             TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE TABLE issuance_head (
    id       INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    hash     TEXT NOT NULL
);

--bun:split

INSERT INTO issuance_head (id, position, hash) VALUES (1, 0, '');

--bun:split

CREATE TABLE status_lists (
    number    INTEGER PRIMARY KEY,
    signed    TEXT NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL
);

--bun:split

-- Every check of a copy that was found: the holder sees when, how and what it said,
-- never who asked.
CREATE TABLE checks (
    id             TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificates (id),
    copy_id        TEXT NOT NULL REFERENCES copies (id),
    how            TEXT NOT NULL,
    verdict        TEXT NOT NULL,
    at             TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX checks_by_certificate ON checks (certificate_id, id);
