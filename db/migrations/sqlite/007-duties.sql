-- The duty roster; a row of leave takes somebody out of it.
CREATE TABLE IF NOT EXISTS duties (
  staff_id INTEGER NOT NULL,
  from_at TEXT NOT NULL,
  until_at TEXT NOT NULL,
  is_leave INTEGER NOT NULL CHECK (is_leave IN (0, 1)),
  PRIMARY KEY (staff_id, from_at),
  FOREIGN KEY (staff_id) REFERENCES staff (id)
) STRICT;
CREATE INDEX IF NOT EXISTS duties_by_until ON duties (until_at);
