-- Somebody who came to a class and has no place in it yet: a name and how late they were,
-- nothing else. Once a coordinator has said who it is, a mark of that person follows and the
-- name is taken out.
CREATE TABLE walk_ins (
    id           TEXT PRIMARY KEY,
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    sector       TEXT NOT NULL,
    name         TEXT NOT NULL,
    minutes_late INTEGER NOT NULL,
    line         TEXT NOT NULL UNIQUE,
    made_by      TEXT REFERENCES persons (id),
    made_at      TIMESTAMPTZ NOT NULL,
    enrolment_id TEXT REFERENCES enrolments (id),
    ended_by     TEXT REFERENCES persons (id),
    ended_at     TIMESTAMPTZ
);

--bun:split

CREATE INDEX walk_ins_by_session ON walk_ins (session_id) WHERE ended_at IS NULL;
