-- Who gets what.
CREATE TABLE IF NOT EXISTS departments (
  id INTEGER PRIMARY KEY,
  estate_id INTEGER,
  name TEXT NOT NULL CHECK (length(name) <= 64),
  categories TEXT NOT NULL CHECK (length(categories) <= 255),
  FOREIGN KEY (estate_id) REFERENCES estates (id)
) STRICT;
CREATE INDEX IF NOT EXISTS departments_by_estate ON departments (estate_id);
