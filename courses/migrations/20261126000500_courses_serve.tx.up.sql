-- Which of CP4P's service lines an edition prepares for.
ALTER TABLE editions ADD COLUMN serves JSONB NOT NULL DEFAULT '[]';
