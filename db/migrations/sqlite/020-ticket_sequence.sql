-- The next ticket number that nobody has taken; one row.
CREATE TABLE IF NOT EXISTS ticket_sequence (
  id INTEGER PRIMARY KEY,
  next_number INTEGER NOT NULL
) STRICT;
