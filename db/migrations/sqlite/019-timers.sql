-- What falls due once, as an event.
CREATE TABLE IF NOT EXISTS timers (
  id INTEGER PRIMARY KEY,
  due TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (length(kind) <= 32),
  subject TEXT NOT NULL CHECK (length(subject) <= 64),
  lease_owner TEXT NOT NULL DEFAULT '' CHECK (length(lease_owner) <= 64),
  lease_expires TEXT NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS timers_by_due ON timers (due);
CREATE INDEX IF NOT EXISTS timers_by_subject ON timers (subject);
