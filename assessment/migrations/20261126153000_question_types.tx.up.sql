-- A quiz may draw some of its questions for each attempt; what was drawn is kept there.
ALTER TABLE quizzes ADD COLUMN pools JSONB NOT NULL DEFAULT '[]';
ALTER TABLE attempts ADD COLUMN drawn JSONB NOT NULL DEFAULT '[]';
