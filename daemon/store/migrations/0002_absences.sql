-- SPDX-License-Identifier: MIT
-- Owners whose accounts were seen to be gone from the system: docs/store-schema.md.

CREATE TABLE absence (
  owner TEXT NOT NULL,
  uid INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (owner, uid)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 2;
