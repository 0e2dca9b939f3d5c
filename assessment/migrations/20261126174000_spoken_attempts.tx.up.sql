-- Who asked an attempt's questions aloud and entered what was said, NULL where the trainee
-- answers alone: never the trainee themselves.
ALTER TABLE attempts ADD COLUMN asked_by TEXT REFERENCES persons (id) CHECK (asked_by <> person_id);

-- Who entered an answer instead of the trainee.
ALTER TABLE answers ADD COLUMN entered_by TEXT REFERENCES persons (id);
