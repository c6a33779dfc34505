-- Every delivery as it came, with the reply given. The id is the unit of work's: it rises, so rows are appended.
CREATE TABLE IF NOT EXISTS inbox (
  id INTEGER PRIMARY KEY,
  delivery_key TEXT NOT NULL CHECK (length(delivery_key) <= 255),
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  peer TEXT NOT NULL CHECK (length(peer) <= 255),
  raw BLOB NOT NULL,
  received TEXT NOT NULL,
  request_id TEXT NOT NULL CHECK (length(request_id) <= 64),
  reply TEXT,
  reply_moved INTEGER NOT NULL CHECK (reply_moved IN (0, 1)),
  UNIQUE (delivery_key)
) STRICT;
