-- The class of another cohort in which a make-up was done, where it was one of ours.
ALTER TABLE make_ups ADD COLUMN at_session TEXT REFERENCES sessions (id);

--bun:split

-- Where else one session of a map is held.
CREATE INDEX sessions_by_map ON sessions (edition_session_id, starts_at);

--bun:split

-- That somebody has missed so much of their course, or can no longer reach its minutes
-- without a make-up: written once for each, so that it is told once. Told_at is when a
-- message went out; empty while none has.
CREATE TABLE minute_warnings (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    kind         TEXT NOT NULL,
    missed       INTEGER NOT NULL,
    to_make_up   INTEGER NOT NULL,
    raised_at    TIMESTAMPTZ NOT NULL,
    told_at      TIMESTAMPTZ,
    UNIQUE (enrolment_id, kind)
);

--bun:split

CREATE INDEX minute_warnings_untold ON minute_warnings (raised_at, id) WHERE told_at IS NULL;
