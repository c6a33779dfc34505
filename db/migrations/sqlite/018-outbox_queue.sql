-- Destinations with rows that wait: what a dispatcher leases.
CREATE TABLE IF NOT EXISTS outbox_queue (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  address TEXT NOT NULL CHECK (length(address) <= 255),
  due TEXT NOT NULL,
  lease_owner TEXT NOT NULL DEFAULT '' CHECK (length(lease_owner) <= 64),
  lease_expires TEXT NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim INTEGER NOT NULL DEFAULT 0,
  UNIQUE (channel, address)
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_queue_by_due ON outbox_queue (due);
