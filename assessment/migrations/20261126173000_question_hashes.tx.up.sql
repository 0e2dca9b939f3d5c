-- By what a question of a quiz is known again: its English words and key, and of that
-- alone what gives points. '' where the program that stored it did not say.
ALTER TABLE questions ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN scores TEXT NOT NULL DEFAULT '';
