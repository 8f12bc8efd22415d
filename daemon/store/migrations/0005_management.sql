-- SPDX-License-Identifier: MIT
-- What the management API keeps for itself: docs/store-schema.md.

CREATE TABLE setting_group (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  fields BLOB NOT NULL
) STRICT;

CREATE TABLE api_client (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  secret BLOB NOT NULL,
  public_key TEXT NOT NULL,
  scopes TEXT NOT NULL,
  networks TEXT NOT NULL,
  user_groups TEXT NOT NULL,
  user_names TEXT NOT NULL,
  token_lifetime INTEGER NOT NULL,
  created INTEGER NOT NULL,
  last_token INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE access_token (
  hash BLOB NOT NULL PRIMARY KEY,
  client TEXT NOT NULL REFERENCES api_client (id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX access_token_client ON access_token (client, created);
CREATE INDEX access_token_expires ON access_token (expires);

CREATE TABLE used_assertion (
  client TEXT NOT NULL REFERENCES api_client (id) ON DELETE CASCADE,
  digest BLOB NOT NULL,
  expires INTEGER NOT NULL,
  PRIMARY KEY (client, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX used_assertion_expires ON used_assertion (expires);

CREATE TABLE signing_key (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  public_key BLOB NOT NULL,
  private_key BLOB NOT NULL,
  created INTEGER NOT NULL
) STRICT;

PRAGMA user_version = 5;
