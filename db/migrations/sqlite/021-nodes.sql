-- Which process has which node number (a part of every id).
CREATE TABLE IF NOT EXISTS nodes (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL CHECK (length(owner) <= 128),
  expires TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS nodes_by_owner ON nodes (owner);
CREATE INDEX IF NOT EXISTS nodes_by_expires ON nodes (expires);
