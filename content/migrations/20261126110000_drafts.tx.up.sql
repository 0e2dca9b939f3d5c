-- A text of the curriculum while it is written. Like every thread of work it belongs to
-- one sector; what it becomes is seen by the sectors that its text names.
CREATE TABLE drafts (
    id            TEXT PRIMARY KEY,
    sector        TEXT NOT NULL,
    module_id     TEXT NOT NULL,
    first_of      TEXT UNIQUE, -- the module's id again where the draft is its first text
    base_version  INTEGER NOT NULL,
    title         TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('writing', 'waiting', 'published', 'withdrawn')),
    submission_id TEXT,
    opened_by     TEXT NOT NULL REFERENCES persons (id),
    opened_at     TIMESTAMPTZ NOT NULL,
    changed_by    TEXT NOT NULL REFERENCES persons (id),
    changed_at    TIMESTAMPTZ NOT NULL
);

CREATE INDEX drafts_open ON drafts (sector, state, id);

-- The revision that stands now of each of a draft's texts.
CREATE TABLE draft_texts (
    draft_id TEXT NOT NULL REFERENCES drafts (id),
    part     TEXT NOT NULL,
    head     TEXT NOT NULL,
    PRIMARY KEY (draft_id, part)
);

-- Everything that was ever saved. A row that lies aside came from a save on a revision
-- that stood no more: nothing typed is lost.
CREATE TABLE draft_revisions (
    id       TEXT PRIMARY KEY,
    draft_id TEXT NOT NULL REFERENCES drafts (id),
    part     TEXT NOT NULL,
    based_on TEXT REFERENCES draft_revisions (id),
    aside    BOOLEAN NOT NULL,
    source   TEXT NOT NULL,
    saved_by TEXT NOT NULL REFERENCES persons (id),
    saved_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX draft_revisions_draft ON draft_revisions (draft_id, id);

CREATE TABLE draft_submissions (
    id           TEXT PRIMARY KEY,
    draft_id     TEXT NOT NULL REFERENCES drafts (id),
    discipline   TEXT NOT NULL,
    note         TEXT NOT NULL,
    submitted_by TEXT NOT NULL REFERENCES persons (id),
    submitted_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX draft_submissions_draft ON draft_submissions (draft_id, id);

CREATE TABLE draft_reviews (
    id            TEXT PRIMARY KEY,
    draft_id      TEXT NOT NULL REFERENCES drafts (id),
    submission_id TEXT NOT NULL UNIQUE REFERENCES draft_submissions (id),
    verdict       TEXT NOT NULL CHECK (verdict IN ('approved', 'returned')),
    discipline    TEXT NOT NULL,
    comment       TEXT NOT NULL,
    reviewed_by   TEXT NOT NULL REFERENCES persons (id),
    reviewed_at   TIMESTAMPTZ NOT NULL
);

CREATE INDEX draft_reviews_draft ON draft_reviews (draft_id, id);

-- What changed with a version, in its authors' words.
CREATE TABLE module_changes (
    module_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    note      TEXT NOT NULL,
    PRIMARY KEY (module_id, version)
);

CREATE TABLE draft_pictures (
    draft_id   TEXT NOT NULL REFERENCES drafts (id),
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes      BYTEA NOT NULL,
    added_by   TEXT NOT NULL REFERENCES persons (id),
    added_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (draft_id, name)
);
