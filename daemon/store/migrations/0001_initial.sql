-- SPDX-License-Identifier: MIT
-- Conversations, authentication methods, attempts, settings and the audit log.
-- What each column means: docs/store-schema.md. Times are milliseconds since 1970, UTC.

CREATE TABLE settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  policy INTEGER NOT NULL,
  factors INTEGER NOT NULL,
  canary BLOB NOT NULL
) STRICT;

CREATE TABLE conversation (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  nonce BLOB NOT NULL,
  subject BLOB NOT NULL,
  purpose INTEGER NOT NULL,
  requested_user TEXT NOT NULL,
  owner TEXT,
  uid INTEGER,
  service TEXT NOT NULL,
  source TEXT NOT NULL,
  local_terminal INTEGER NOT NULL,
  started INTEGER NOT NULL,
  started_since_boot INTEGER NOT NULL,
  touched INTEGER NOT NULL,
  touched_since_boot INTEGER NOT NULL,
  phase INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  answers INTEGER NOT NULL,
  satisfied_by INTEGER
) STRICT;

-- Of a subject, those that count against its hour: not granted (2), not exempt (3).
CREATE INDEX conversation_subject ON conversation (subject, started)
  WHERE phase <> 2 AND phase <> 3;

CREATE TABLE method (
  owner TEXT NOT NULL,
  uid INTEGER NOT NULL,
  id BLOB NOT NULL,
  type INTEGER NOT NULL,
  name TEXT NOT NULL,
  weak INTEGER NOT NULL,
  created INTEGER NOT NULL,
  confirmed INTEGER,
  last_used INTEGER,
  algorithm INTEGER,
  digits INTEGER,
  period INTEGER,
  last_factor INTEGER,
  clock_offset INTEGER,
  key INTEGER NOT NULL,
  seed BLOB,
  PRIMARY KEY (owner, uid, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX method_id ON method (id);
CREATE INDEX method_unconfirmed ON method (created) WHERE confirmed IS NULL;

CREATE TABLE recovery_code (
  method BLOB NOT NULL REFERENCES method (id) ON DELETE CASCADE,
  digest BLOB NOT NULL,
  PRIMARY KEY (method, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  owner TEXT NOT NULL,
  uid INTEGER NOT NULL,
  budget INTEGER NOT NULL,
  place BLOB NOT NULL,
  version INTEGER NOT NULL,
  consecutive INTEGER NOT NULL,
  failures BLOB NOT NULL,
  PRIMARY KEY (owner, uid, budget, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE known_place (
  owner TEXT NOT NULL,
  uid INTEGER NOT NULL,
  place BLOB NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (owner, uid, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  type INTEGER NOT NULL,
  user TEXT NOT NULL,
  uid INTEGER,
  service TEXT NOT NULL,
  source TEXT NOT NULL,
  method_type INTEGER,
  method BLOB,
  reason INTEGER NOT NULL,
  conversation ANY NOT NULL,
  actor TEXT NOT NULL,
  detail TEXT NOT NULL,
  key INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;

CREATE INDEX audit_user ON audit (user) WHERE user <> '';

-- The newest record of the chain, and the newest one that retention deleted.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  mac BLOB NOT NULL,
  latest_time INTEGER,
  floor_sequence INTEGER NOT NULL,
  floor_mac BLOB NOT NULL,
  floor_key INTEGER NOT NULL,
  floor_seal BLOB NOT NULL
) STRICT;

INSERT INTO audit_head VALUES (1, 0, zeroblob(32), NULL, 0, zeroblob(32), 0, zeroblob(32));

PRAGMA application_id = 0x54774c6b; -- "TwLk"
PRAGMA user_version = 1;
