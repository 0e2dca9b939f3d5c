-- That a person has read a version of a protocol. Rows are added and never changed.
CREATE TABLE protocol_readings (
    id          TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES persons (id),
    protocol_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    hash        TEXT NOT NULL REFERENCES protocol_versions (hash),
    read_at     TIMESTAMPTZ NOT NULL,
    UNIQUE (person_id, hash)
);

CREATE INDEX protocol_readings_version ON protocol_readings (person_id, protocol_id, version);
