-- The file that the glossary was last read from, byte for byte, for the way back out.
CREATE TABLE glossary_source (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    source TEXT NOT NULL
);
