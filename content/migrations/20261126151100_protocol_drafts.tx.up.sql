-- A draft is of a module or of a protocol; the other id is empty.
ALTER TABLE drafts ADD COLUMN protocol_id TEXT NOT NULL DEFAULT '';

-- What changed with a version, in its authors' words.
CREATE TABLE protocol_changes (
    protocol_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (protocol_id, version)
);
