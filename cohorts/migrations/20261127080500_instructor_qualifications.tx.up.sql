-- What a person of a sector is qualified for as an instructor, as a coordinator has noted
-- it. Nothing is changed or taken away: a note ends, and another may follow.
CREATE TABLE instructor_qualifications (
    id        TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    sector    TEXT NOT NULL,
    code      TEXT NOT NULL,
    until     TEXT,
    set_by    TEXT REFERENCES persons (id),
    set_at    TIMESTAMPTZ NOT NULL,
    ended_by  TEXT REFERENCES persons (id),
    ended_at  TIMESTAMPTZ
);

--bun:split

CREATE UNIQUE INDEX one_qualification ON instructor_qualifications (person_id, code) WHERE ended_at IS NULL;
