-- What becomes of a waiting file's questions, as it was read when it came: some of them
-- to a row, by the number of the page that shows them. A file that came before this was
-- kept for a day at most, and is sent again.
DELETE FROM bank_uploads;
--bun:split
ALTER TABLE bank_uploads ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE bank_uploads ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE bank_uploads ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE bank_uploads ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
--bun:split
CREATE TABLE bank_previews (
    upload_id TEXT NOT NULL REFERENCES bank_uploads (id),
    number    INTEGER NOT NULL,
    questions TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
);
--bun:split
-- A long file is taken in some questions at a time: step of total are done, and the file
-- stays until all are.
ALTER TABLE bank_imports ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE bank_imports ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE bank_imports ADD COLUMN done_at TIMESTAMPTZ;
--bun:split
UPDATE bank_imports SET done_at = at;
--bun:split
ALTER TABLE bank_uploads ADD COLUMN import_id TEXT REFERENCES bank_imports (id);
--bun:split
CREATE INDEX bank_uploads_of_import ON bank_uploads (import_id);
