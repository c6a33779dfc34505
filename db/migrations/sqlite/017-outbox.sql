-- What is owed to somebody. Rows of one destination go in id order.
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  address TEXT NOT NULL CHECK (length(address) <= 255),
  message_key TEXT NOT NULL CHECK (length(message_key) <= 255),
  message TEXT NOT NULL,
  ticket_id INTEGER,
  created TEXT NOT NULL,
  due TEXT NOT NULL,
  expires TEXT,
  ordered INTEGER NOT NULL CHECK (ordered IN (0, 1)),
  urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered', 'unknown', 'dead', 'cancelled')),
  attempts INTEGER NOT NULL,
  last_error TEXT NOT NULL CHECK (length(last_error) <= 1000),
  provider_id TEXT CHECK (length(provider_id) <= 255),
  receipt TEXT CHECK (length(receipt) <= 1000),
  request_id TEXT NOT NULL CHECK (length(request_id) <= 64)
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_by_destination ON outbox (channel, address, state, id);
CREATE INDEX IF NOT EXISTS outbox_by_key ON outbox (message_key);
CREATE INDEX IF NOT EXISTS outbox_by_provider_id ON outbox (provider_id);
CREATE INDEX IF NOT EXISTS outbox_by_ticket ON outbox (ticket_id);
