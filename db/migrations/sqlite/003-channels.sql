-- A configured account on a provider, and the estate that it speaks for.
CREATE TABLE IF NOT EXISTS channels (
  name TEXT NOT NULL CHECK (length(name) <= 64),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  provider TEXT NOT NULL CHECK (length(provider) <= 32),
  estate_id INTEGER,
  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  created TEXT NOT NULL,
  PRIMARY KEY (name),
  FOREIGN KEY (estate_id) REFERENCES estates (id)
) STRICT;
CREATE INDEX IF NOT EXISTS channels_by_estate ON channels (estate_id);
