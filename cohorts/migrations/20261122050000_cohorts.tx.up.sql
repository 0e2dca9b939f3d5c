CREATE TABLE rooms (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    address  TEXT NOT NULL DEFAULT '',
    capacity INTEGER NOT NULL DEFAULT 0
);

--bun:split

-- A room is released to a sector by a person with a bridge grant; a sector sees only its own.
CREATE TABLE room_sectors (
    room_id TEXT NOT NULL REFERENCES rooms (id),
    sector  TEXT NOT NULL,
    PRIMARY KEY (sector, room_id)
);

--bun:split

-- The last number given, per course and sector: a number is never given twice.
CREATE TABLE cohort_numbers (
    course_code TEXT NOT NULL REFERENCES courses (code),
    sector      TEXT NOT NULL,
    last        INTEGER NOT NULL,
    PRIMARY KEY (course_code, sector)
);

--bun:split

CREATE TABLE cohorts (
    id          TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL REFERENCES editions (id),
    course_code TEXT NOT NULL REFERENCES courses (code),
    sector      TEXT NOT NULL,
    number      INTEGER NOT NULL,
    time_zone   TEXT NOT NULL,
    starts_on   TEXT NOT NULL,
    ends_on     TEXT NOT NULL,
    state       TEXT NOT NULL,
    room_id     TEXT REFERENCES rooms (id),
    made_by     TEXT REFERENCES persons (id),
    made_at     TIMESTAMPTZ NOT NULL,
    revision    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (sector, course_code, number)
);

--bun:split

CREATE INDEX cohorts_by_edition ON cohorts (edition_id);

--bun:split

CREATE TABLE enrolments (
    id              TEXT PRIMARY KEY,
    cohort_id       TEXT NOT NULL REFERENCES cohorts (id),
    person_id       TEXT NOT NULL REFERENCES persons (id),
    sector          TEXT NOT NULL,
    state           TEXT NOT NULL,
    enrolled_by     TEXT REFERENCES persons (id),
    enrolled_at     TIMESTAMPTZ NOT NULL,
    withdrawn_by    TEXT REFERENCES persons (id),
    withdrawn_at    TIMESTAMPTZ,
    withdrawal_code TEXT,
    revision        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (cohort_id, person_id)
);

--bun:split

CREATE INDEX enrolments_by_person ON enrolments (person_id, state);

--bun:split

CREATE TABLE cohort_instructors (
    cohort_id    TEXT NOT NULL REFERENCES cohorts (id),
    person_id    TEXT NOT NULL REFERENCES persons (id),
    role         TEXT NOT NULL,
    appointed_by TEXT REFERENCES persons (id),
    appointed_at TIMESTAMPTZ NOT NULL,
    ended_at     TIMESTAMPTZ,
    PRIMARY KEY (cohort_id, person_id)
);

--bun:split

CREATE INDEX cohort_instructors_by_person ON cohort_instructors (person_id);

--bun:split

CREATE TABLE sessions (
    id                 TEXT PRIMARY KEY,
    cohort_id          TEXT NOT NULL REFERENCES cohorts (id),
    edition_session_id TEXT NOT NULL REFERENCES edition_sessions (id),
    sector             TEXT NOT NULL,
    position           INTEGER NOT NULL,
    week               INTEGER NOT NULL,
    minutes            INTEGER NOT NULL,
    starts_at          TIMESTAMPTZ NOT NULL,
    ends_at            TIMESTAMPTZ NOT NULL,
    actual_starts_at   TIMESTAMPTZ,
    actual_ends_at     TIMESTAMPTZ,
    room_id            TEXT REFERENCES rooms (id),
    link               TEXT NOT NULL DEFAULT '',
    mode               TEXT NOT NULL,
    state              TEXT NOT NULL,
    closed_by          TEXT REFERENCES persons (id),
    closed_at          TIMESTAMPTZ,
    confirmed_by       TEXT REFERENCES persons (id),
    confirmed_at       TIMESTAMPTZ,
    revision           INTEGER NOT NULL DEFAULT 0,
    UNIQUE (cohort_id, position)
);

--bun:split

CREATE INDEX sessions_by_start ON sessions (sector, starts_at);

--bun:split

CREATE INDEX sessions_by_room ON sessions (room_id, starts_at);

--bun:split

CREATE INDEX sessions_to_confirm ON sessions (sector, closed_at) WHERE state = 'closed';

--bun:split

-- Marks are append-only lines: the newest (highest seq) speaks, the rest tell how it
-- came to be. The status "none" takes a mark back: the person is not marked again.
CREATE TABLE marks (
    id            TEXT PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES sessions (id),
    enrolment_id  TEXT NOT NULL REFERENCES enrolments (id),
    seq           INTEGER NOT NULL,
    status        TEXT NOT NULL,
    minutes_late  INTEGER NOT NULL,
    minutes_early INTEGER NOT NULL,
    excuse        TEXT NOT NULL DEFAULT '',
    reason        TEXT NOT NULL,
    line          TEXT NOT NULL UNIQUE,
    made_by       TEXT REFERENCES persons (id),
    made_at       TIMESTAMPTZ NOT NULL,
    received_at   TIMESTAMPTZ NOT NULL,
    UNIQUE (session_id, enrolment_id, seq)
);

--bun:split

CREATE INDEX marks_by_enrolment ON marks (enrolment_id);

--bun:split

CREATE TABLE make_ups (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    kind         TEXT NOT NULL,
    minutes      INTEGER NOT NULL,
    done_on      TEXT NOT NULL,
    line         TEXT NOT NULL UNIQUE,
    approved_by  TEXT NOT NULL REFERENCES persons (id),
    approved_at  TIMESTAMPTZ NOT NULL,
    taken_back_by TEXT REFERENCES persons (id),
    taken_back_at TIMESTAMPTZ
);

--bun:split

CREATE INDEX make_ups_by_enrolment ON make_ups (enrolment_id, session_id);

--bun:split

-- The minutes ledger. A line is posted with its cause and never changed; what was
-- wrong is taken back by a line that reverses it.
CREATE TABLE ledger_lines (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    kind         TEXT NOT NULL,
    minutes      INTEGER NOT NULL,
    cause        TEXT NOT NULL UNIQUE,
    reverses     TEXT REFERENCES ledger_lines (id),
    by_person    TEXT REFERENCES persons (id),
    at           TIMESTAMPTZ NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    UNIQUE (reverses)
);

--bun:split

CREATE INDEX ledger_lines_by_enrolment ON ledger_lines (enrolment_id, session_id);

--bun:split

-- A joint session belongs to no sector: it is a window with a side in each of two.
-- A side knows its own session and how many of each role it brings, nothing more.
CREATE TABLE joint_sessions (
    id           TEXT PRIMARY KEY,
    place        TEXT NOT NULL,
    agenda       TEXT NOT NULL,
    ground_rules TEXT NOT NULL,
    starts_at    TIMESTAMPTZ NOT NULL,
    ends_at      TIMESTAMPTZ NOT NULL,
    time_zone    TEXT NOT NULL,
    state        TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE TABLE joint_sides (
    joint_id    TEXT NOT NULL REFERENCES joint_sessions (id),
    sector      TEXT NOT NULL,
    session_id  TEXT UNIQUE REFERENCES sessions (id),
    yes_by      TEXT REFERENCES persons (id),
    yes_at      TIMESTAMPTZ,
    trainees    INTEGER NOT NULL DEFAULT 0,
    instructors INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (joint_id, sector)
);

--bun:split

-- The name that someone wants on their own badge at the door, seen by their side alone.
CREATE TABLE door_names (
    joint_id  TEXT NOT NULL REFERENCES joint_sessions (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    name      TEXT NOT NULL,
    PRIMARY KEY (joint_id, person_id)
);

--bun:split

-- What a trainee lets an employer see, per enrolment. A row is an answer; a newer
-- answer ends it. No answer is no.
CREATE TABLE consents (
    id              TEXT PRIMARY KEY,
    person_id       TEXT NOT NULL REFERENCES persons (id),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    enrolment_id    TEXT NOT NULL REFERENCES enrolments (id),
    shares          BOOLEAN NOT NULL,
    given_at        TIMESTAMPTZ NOT NULL,
    ended_at        TIMESTAMPTZ
);

--bun:split

CREATE UNIQUE INDEX consents_in_force ON consents (enrolment_id, organisation_id) WHERE ended_at IS NULL;

--bun:split

CREATE INDEX consents_by_organisation ON consents (organisation_id);
