-- Who teaches one session, where a coordinator has said so. A session without a row is
-- taught by all instructors of its cohort.
CREATE TABLE session_instructors (
    session_id TEXT NOT NULL REFERENCES sessions (id),
    person_id  TEXT NOT NULL REFERENCES persons (id),
    role       TEXT NOT NULL,
    named_by   TEXT REFERENCES persons (id),
    named_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (session_id, person_id)
);

--bun:split

CREATE INDEX session_instructors_by_person ON session_instructors (person_id);
