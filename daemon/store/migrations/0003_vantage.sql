-- SPDX-License-Identifier: MIT
-- From where a login speaks, not only whether from a console: docs/store-schema.md. 0 and 1 keep
-- their meaning.

ALTER TABLE conversation RENAME COLUMN local_terminal TO vantage;

PRAGMA user_version = 3;
