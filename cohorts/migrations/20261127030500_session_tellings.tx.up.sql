-- What each person's calendar says of each class to come, and what they were told of it
-- last. Whatever changes a class, the difference between the two is what they don't know
-- yet. sequence grows with each change; invited is the one of the newest invitation by
-- mail; reminded_for is the start for which a reminder was ordered.
CREATE TABLE session_tellings (
    session_id     TEXT NOT NULL REFERENCES sessions (id),
    person_id      TEXT NOT NULL REFERENCES persons (id),
    sector         TEXT NOT NULL,
    sequence       INTEGER NOT NULL DEFAULT 0,
    starts_at      TIMESTAMPTZ NOT NULL,
    ends_at        TIMESTAMPTZ NOT NULL,
    place          TEXT NOT NULL,
    cancelled      BOOLEAN NOT NULL,
    changed_at     TIMESTAMPTZ NOT NULL,
    told_starts_at TIMESTAMPTZ NOT NULL,
    told_ends_at   TIMESTAMPTZ NOT NULL,
    told_place     TEXT NOT NULL,
    told_cancelled BOOLEAN NOT NULL,
    invited        INTEGER,
    reminded_for   TIMESTAMPTZ,
    PRIMARY KEY (session_id, person_id)
);

--bun:split

CREATE INDEX session_tellings_by_start ON session_tellings (sector, starts_at);

--bun:split

CREATE INDEX session_tellings_by_person ON session_tellings (person_id, starts_at);
