-- Whether a question gives points otherwise than the one of the same id in the version of
-- the check before: told exactly when the check is stored. It stands in place of a sum
-- that could not tell a reworded choice from one that became right.
ALTER TABLE questions DROP COLUMN scores;
ALTER TABLE questions ADD COLUMN corrects BOOLEAN NOT NULL DEFAULT FALSE;
