-- SPDX-License-Identifier: MIT
-- What the management API knows of users, and methods that no login accepts yet:
-- docs/store-schema.md.

CREATE TABLE user_record (
  owner TEXT NOT NULL,
  uid INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  connection TEXT NOT NULL,
  version INTEGER NOT NULL,
  email BLOB,
  username BLOB,
  key INTEGER NOT NULL,
  profile BLOB,
  PRIMARY KEY (owner, uid)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_record_created ON user_record (created, owner, uid);
CREATE INDEX user_record_email ON user_record (email) WHERE email IS NOT NULL;
CREATE INDEX user_record_username ON user_record (username) WHERE username IS NOT NULL;

-- Apart and nearly empty: each login looks into it.
CREATE TABLE blocked_user (
  owner TEXT NOT NULL,
  uid INTEGER NOT NULL,
  PRIMARY KEY (owner, uid)
) STRICT, WITHOUT ROWID;

CREATE TABLE method_data (
  method BLOB PRIMARY KEY REFERENCES method (id) ON DELETE CASCADE,
  identity BLOB NOT NULL,
  channel INTEGER,
  counter INTEGER,
  key INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX method_data_identity ON method_data (identity);

CREATE TABLE ticket (
  digest BLOB PRIMARY KEY,
  owner TEXT NOT NULL,
  uid INTEGER NOT NULL,
  factor INTEGER,
  issuer TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  allow_multiple INTEGER NOT NULL,
  locale TEXT NOT NULL,
  redeemed INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX ticket_owner ON ticket (owner);
CREATE INDEX ticket_expires ON ticket (expires);

INSERT INTO user_record
  SELECT owner, uid, min(created), min(created), 'unix', 1, NULL, NULL, 0, NULL
  FROM method GROUP BY owner, uid;

PRAGMA user_version = 4;
