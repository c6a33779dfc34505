-- 满意度调查: one for each closing of a ticket.
CREATE TABLE IF NOT EXISTS surveys (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL,
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  address TEXT NOT NULL CHECK (length(address) <= 255),
  closing INTEGER NOT NULL,
  score INTEGER,
  suggestion TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (length(outcome) <= 16),
  asked TEXT NOT NULL,
  expires TEXT NOT NULL,
  answered TEXT,
  version INTEGER NOT NULL,
  UNIQUE (ticket_id, closing)
) STRICT;
CREATE INDEX IF NOT EXISTS surveys_by_peer ON surveys (channel, address, answered, id);
