-- The tree of an estate: 期/栋/单元/室. `path` is its whole name, for finding it again.
CREATE TABLE IF NOT EXISTS places (
  id INTEGER PRIMARY KEY,
  estate_id INTEGER NOT NULL,
  parent_id INTEGER,
  level TEXT NOT NULL CHECK (level IN ('phase', 'building', 'unit', 'room', 'area')),
  name TEXT NOT NULL CHECK (length(name) <= 64),
  path TEXT NOT NULL CHECK (length(path) <= 255),
  retired INTEGER NOT NULL CHECK (retired IN (0, 1)),
  UNIQUE (estate_id, path),
  FOREIGN KEY (estate_id) REFERENCES estates (id),
  FOREIGN KEY (parent_id) REFERENCES places (id)
) STRICT;
CREATE INDEX IF NOT EXISTS places_by_parent ON places (parent_id);
