-- How many percent of the minutes that somebody missed self-study may cure.
ALTER TABLE editions ADD COLUMN self_study INTEGER NOT NULL DEFAULT 25;
