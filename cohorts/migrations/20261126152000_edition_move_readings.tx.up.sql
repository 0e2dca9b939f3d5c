-- Who of a cohort was told of a move to another edition: Today says it until they have
-- looked at what changed for them.
CREATE TABLE edition_move_readings (
    move_id   TEXT NOT NULL REFERENCES edition_moves (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    seen_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (move_id, person_id)
);
