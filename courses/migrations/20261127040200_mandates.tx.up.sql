-- Which mandated topic of police training a part of a map counts for; '' for none.
ALTER TABLE edition_parts ADD COLUMN mandate TEXT NOT NULL DEFAULT '';
