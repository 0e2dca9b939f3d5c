-- What the edition said when the attempt started. Minutes are 0 where nothing ends it.
ALTER TABLE attempts ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN grace INTEGER NOT NULL DEFAULT 10;
ALTER TABLE attempts ADD COLUMN pausable BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE attempts ADD COLUMN review TEXT NOT NULL DEFAULT 'after_pass';

-- The clock: until when answers may be made, when the attempt is closed without a
-- hand-in (NULL while it is paused), and since when it is paused.
ALTER TABLE attempts ADD COLUMN deadline TIMESTAMPTZ;
ALTER TABLE attempts ADD COLUMN closes_at TIMESTAMPTZ;
ALTER TABLE attempts ADD COLUMN paused_at TIMESTAMPTZ;
ALTER TABLE attempts ADD COLUMN timed_out BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX attempts_closing ON attempts (closes_at) WHERE finished_at IS NULL;

-- When an answer was made, as its device counts from the Academy's clock, and whether it
-- came after the deadline, made before.
ALTER TABLE answers ADD COLUMN made_at TIMESTAMPTZ;
ALTER TABLE answers ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE current_answers ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;

-- When the clock of an attempt was stopped and set going again, and nothing of why.
-- Append-only.
CREATE TABLE attempt_pauses (
    id         TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    resumed    BOOLEAN NOT NULL,
    at         TIMESTAMPTZ NOT NULL
);
CREATE INDEX attempt_pauses_by_attempt ON attempt_pauses (attempt_id, id);
