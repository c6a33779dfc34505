-- Peers whose owner is known for certain.
CREATE TABLE IF NOT EXISTS contact_peers (
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  address TEXT NOT NULL CHECK (length(address) <= 255),
  contact_id INTEGER NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (channel, address)
) STRICT;
CREATE INDEX IF NOT EXISTS contact_peers_by_contact ON contact_peers (contact_id);
