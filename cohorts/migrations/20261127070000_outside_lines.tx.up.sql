-- What a person was trained in elsewhere, in minutes: a ledger of its own, which no
-- course counts. A line is never changed; what was wrong is taken back by a line that
-- reverses it. Who writes a line has seen its proof on seen_on; the proof itself is not kept.
CREATE TABLE outside_lines (
    id        TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    sector    TEXT NOT NULL,
    category  TEXT NOT NULL,
    minutes   INTEGER NOT NULL,
    done_on   TEXT NOT NULL,
    provider  TEXT NOT NULL,
    seen_on   TEXT NOT NULL,
    by_person TEXT NOT NULL REFERENCES persons (id),
    at        TIMESTAMPTZ NOT NULL,
    line      TEXT NOT NULL UNIQUE,
    reverses  TEXT REFERENCES outside_lines (id),
    reason    TEXT NOT NULL DEFAULT '',
    UNIQUE (reverses)
);

--bun:split

CREATE INDEX outside_lines_by_person ON outside_lines (person_id, id);
