-- The edition's rules for its knowledge checks: a limit in minutes (0 for none), the grace
-- for answers still on their way, tries, whether the clock may be stopped, what is shown when.
ALTER TABLE editions ADD COLUMN quiz_minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE editions ADD COLUMN quiz_grace INTEGER NOT NULL DEFAULT 10;
ALTER TABLE editions ADD COLUMN quiz_tries INTEGER NOT NULL DEFAULT 2;
ALTER TABLE editions ADD COLUMN quiz_pause BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE editions ADD COLUMN quiz_review TEXT NOT NULL DEFAULT 'after_pass';
