-- How many lines of the person the device had seen when the mark was made on it, and which
-- device it was. Marks of before, and those not made in an open page of the roll, say neither.
ALTER TABLE marks ADD COLUMN saw INTEGER;

--bun:split

ALTER TABLE marks ADD COLUMN device TEXT NOT NULL DEFAULT '';
