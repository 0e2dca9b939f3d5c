-- every_seconds is null for work that is done once. payload is JSON, as text: nobody
-- looks inside it in SQL.
CREATE TABLE outbox (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	due_at TIMESTAMPTZ NOT NULL,
	every_seconds BIGINT,
	leased_until TIMESTAMPTZ,
	leased_by TEXT,
	tries INTEGER NOT NULL DEFAULT 0,
	last_error TEXT NOT NULL DEFAULT '',
	done_at TIMESTAMPTZ
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
CREATE UNIQUE INDEX outbox_round ON outbox (kind) WHERE every_seconds IS NOT NULL;
