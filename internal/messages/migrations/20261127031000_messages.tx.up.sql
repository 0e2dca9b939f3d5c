-- What a person wants to be written of, and when. No row is the careful choice: see
-- Careful. Quiet hours are minutes of the day; the same twice is none. language '' is
-- that of the account.
CREATE TABLE message_wishes (
    person_id   TEXT PRIMARY KEY REFERENCES persons (id),
    reminders   BOOLEAN NOT NULL,
    changes     BOOLEAN NOT NULL,
    invitations BOOLEAN NOT NULL,
    absences    BOOLEAN NOT NULL,
    due         BOOLEAN NOT NULL,
    ahead       INTEGER NOT NULL,
    quiet_from  INTEGER NOT NULL,
    quiet_to    INTEGER NOT NULL,
    language    TEXT NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL
);

--bun:split

-- A letter to one person, once for each cause. It is written when it is sent: the text
-- stands here from then until the mail server has taken it, so that it goes the same way
-- again when nobody knows whether it did. stop_hash opens the page that ends such letters.
CREATE TABLE messages (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES persons (id),
    sector     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    about      TEXT NOT NULL,
    cause      TEXT NOT NULL,
    state      TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    mail_name  TEXT NOT NULL,
    stop_hash  TEXT NOT NULL DEFAULT '',
    again      BOOLEAN NOT NULL DEFAULT FALSE,
    written    TEXT NOT NULL DEFAULT '',
    ended_at   TIMESTAMPTZ,
    UNIQUE (person_id, cause)
);

--bun:split

CREATE INDEX messages_by_stop ON messages (stop_hash) WHERE stop_hash <> '';

--bun:split

CREATE INDEX messages_by_end ON messages (expires_at);
