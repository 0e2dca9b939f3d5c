-- One person is one account in one sector. Names are as given; sort_key and
-- name_keys hold them folded and hex-encoded, so that both engines order and find
-- them by prefix alike, whatever their collation.
CREATE TABLE persons (
  id TEXT PRIMARY KEY,
  sector TEXT NOT NULL CHECK (sector IN ('outreach', 'law_enforcement', 'health', 'community')),
  given_name TEXT NOT NULL DEFAULT '',
  family_name TEXT NOT NULL DEFAULT '',
  chosen_name TEXT NOT NULL DEFAULT '',
  legal_name TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'es')),
  external_id TEXT,
  sort_key TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  closed_at TIMESTAMPTZ,
  UNIQUE (id, sector),
  UNIQUE (sector, external_id)
);
CREATE INDEX persons_in_order ON persons (sector, sort_key, id);

CREATE TABLE name_keys (
  sector TEXT NOT NULL,
  key TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES persons (id),
  PRIMARY KEY (sector, key, person_id)
);
CREATE INDEX name_keys_person ON name_keys (person_id);

-- What a person types at the door: an e-mail address, a phone number, a card number.
-- Unique within a sector only: one address may have an account in each.
CREATE TABLE sign_in_names (
  name TEXT NOT NULL,
  sector TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'card')),
  person_id TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (name, sector),
  FOREIGN KEY (person_id, sector) REFERENCES persons (id, sector)
);
CREATE INDEX sign_in_names_person ON sign_in_names (person_id);

CREATE TABLE secrets (
  person_id TEXT PRIMARY KEY REFERENCES persons (id),
  kind TEXT NOT NULL CHECK (kind IN ('password', 'pin')),
  hash TEXT NOT NULL,
  set_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('partner', 'police', 'academy')),
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE partnerships (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  UNIQUE (organisation_id, starts_on)
);

CREATE TABLE employments (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES persons (id),
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  UNIQUE (person_id, organisation_id, starts_on)
);
CREATE INDEX employments_organisation ON employments (organisation_id, person_id);

-- home is the person's own sector, tied to the person by the key: a grant in any
-- other sector exists only as a named, dated bridge with a reason.
CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  home TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('trainee', 'instructor', 'partner_hr', 'coordinator', 'director', 'author', 'auditor')),
  sector TEXT NOT NULL CHECK (sector IN ('outreach', 'law_enforcement', 'health', 'community')),
  organisation_id TEXT REFERENCES organisations (id),
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  given_by TEXT REFERENCES persons (id),
  given_at TIMESTAMPTZ NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  bridge BOOLEAN NOT NULL DEFAULT FALSE,
  FOREIGN KEY (person_id, home) REFERENCES persons (id, sector),
  CHECK (bridge = (sector <> home)),
  CHECK (NOT bridge OR (role IN ('coordinator', 'director') AND reason <> '')),
  CHECK (role <> 'auditor' OR ends_on IS NOT NULL),
  CHECK ((role = 'partner_hr') = (organisation_id IS NOT NULL))
);
CREATE INDEX grants_person ON grants (person_id);
CREATE INDEX grants_organisation ON grants (organisation_id);

-- A device on which somebody is signed in. Only the SHA-256 of its token is kept.
CREATE TABLE sign_ins (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES persons (id),
  sector TEXT NOT NULL,
  shared BOOLEAN NOT NULL,
  device TEXT NOT NULL DEFAULT '',
  started_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_ins_person ON sign_ins (person_id);
CREATE INDEX sign_ins_end ON sign_ins (ends_at);

CREATE TABLE one_time_links (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset', 'hand_over')),
  person_id TEXT NOT NULL REFERENCES persons (id),
  made_by TEXT REFERENCES persons (id),
  made_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX one_time_links_person ON one_time_links (person_id);
CREATE INDEX one_time_links_end ON one_time_links (ends_at);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES persons (id),
  sector TEXT NOT NULL,
  scopes JSONB NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ
);
CREATE INDEX api_tokens_person ON api_tokens (person_id);

-- Who did what to whose record. A line belongs to the sector of the record.
CREATE TABLE audit_lines (
  id TEXT PRIMARY KEY,
  sector TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor_id TEXT REFERENCES persons (id),
  act TEXT NOT NULL,
  person_id TEXT REFERENCES persons (id),
  record TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_lines_person ON audit_lines (person_id, id);
CREATE INDEX audit_lines_sector ON audit_lines (sector, id);

-- Bad tries at the door. Keys are HMACs of a typed name, an address, or both.
CREATE TABLE tries (
  key TEXT PRIMARY KEY,
  bad INTEGER NOT NULL,
  free_at TIMESTAMPTZ NOT NULL,
  tried_at TIMESTAMPTZ NOT NULL,
  good_at TIMESTAMPTZ
);
CREATE INDEX tries_old ON tries (tried_at);
