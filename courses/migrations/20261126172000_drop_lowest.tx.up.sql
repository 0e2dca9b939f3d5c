-- How many of the lowest knowledge checks fall out of a trainee's average.
ALTER TABLE editions ADD COLUMN drop_lowest INTEGER NOT NULL DEFAULT 0;
