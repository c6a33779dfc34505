-- Access tokens and the like that all nodes share.
CREATE TABLE IF NOT EXISTS credentials (
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  name TEXT NOT NULL CHECK (length(name) <= 32),
  value TEXT NOT NULL,
  expires TEXT NOT NULL,
  refreshed TEXT NOT NULL,
  lease_owner TEXT NOT NULL DEFAULT '' CHECK (length(lease_owner) <= 64),
  lease_expires TEXT NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (channel, name)
) STRICT;
