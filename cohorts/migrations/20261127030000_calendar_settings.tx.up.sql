-- What a person's calendar says of their classes in one sector, and the key from which
-- the classes' own names in it are made: random, theirs alone, the same for every feed
-- and invitation. A feed that there is already takes a key of its own.
CREATE TABLE calendar_settings (
    person_id  TEXT NOT NULL REFERENCES persons (id),
    sector     TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    show_place BOOLEAN NOT NULL DEFAULT FALSE,
    show_topic BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (person_id, sector)
);

--bun:split

INSERT INTO calendar_settings (person_id, sector, name_key)
SELECT person_id, sector, token_hash FROM calendar_feeds WHERE ended_at IS NULL;
