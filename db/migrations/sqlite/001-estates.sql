-- One company, many estates (小区).
CREATE TABLE IF NOT EXISTS estates (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) <= 64),
  title TEXT NOT NULL CHECK (length(title) <= 255),
  hotline TEXT NOT NULL CHECK (length(hotline) <= 64),
  time_zone TEXT NOT NULL CHECK (length(time_zone) <= 64),
  created TEXT NOT NULL,
  UNIQUE (name)
) STRICT;
