-- Until which day partners may ask for seats of a cohort; NULL while it isn't open to them.
ALTER TABLE cohorts ADD COLUMN asks_until TEXT;

--bun:split

-- A partner asks for a seat for somebody whom it employs. What became of it is an answer,
-- once: a seat, the waiting list, or no. Who has a seat is known from the enrolment alone.
CREATE TABLE nominations (
    id              TEXT PRIMARY KEY,
    cohort_id       TEXT NOT NULL REFERENCES cohorts (id),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    sector          TEXT NOT NULL,
    given_name      TEXT NOT NULL,
    family_name     TEXT NOT NULL,
    email           TEXT NOT NULL,
    phone           TEXT NOT NULL,
    state           TEXT NOT NULL,
    asked_by        TEXT NOT NULL REFERENCES persons (id),
    asked_at        TIMESTAMPTZ NOT NULL,
    answered_by     TEXT REFERENCES persons (id),
    answered_at     TIMESTAMPTZ
);

--bun:split

CREATE INDEX nominations_to_answer ON nominations (cohort_id, id) WHERE state = 'asked';

--bun:split

CREATE INDEX nominations_by_organisation ON nominations (organisation_id, sector, id);
