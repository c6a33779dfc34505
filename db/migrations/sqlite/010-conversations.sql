-- (channel, peer): the hottest row that is updated. No foreign keys: each would lock the other table's row.
CREATE TABLE IF NOT EXISTS conversations (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  address TEXT NOT NULL CHECK (length(address) <= 255),
  estate_id INTEGER,
  contact_id INTEGER,
  locale TEXT NOT NULL CHECK (length(locale) <= 16),
  dialog TEXT NOT NULL,
  more TEXT NOT NULL,
  last_inbound TEXT,
  push_windows TEXT NOT NULL CHECK (length(push_windows) <= 4000),
  consented TEXT,
  opted_out INTEGER NOT NULL CHECK (opted_out IN (0, 1)),
  gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
  with_human INTEGER NOT NULL CHECK (with_human IN (0, 1)),
  version INTEGER NOT NULL,
  UNIQUE (channel, address)
) STRICT;
CREATE INDEX IF NOT EXISTS conversations_by_contact ON conversations (contact_id);
