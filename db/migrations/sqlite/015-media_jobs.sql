-- Bytes of an attachment that are still to be fetched from the provider.
CREATE TABLE IF NOT EXISTS media_jobs (
  id INTEGER PRIMARY KEY,
  attachment_id INTEGER NOT NULL,
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  media_id TEXT NOT NULL CHECK (length(media_id) <= 255),
  url TEXT NOT NULL CHECK (length(url) <= 2000),
  due TEXT NOT NULL,
  expires TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '' CHECK (length(last_error) <= 255),
  lease_owner TEXT NOT NULL DEFAULT '' CHECK (length(lease_owner) <= 64),
  lease_expires TEXT NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS media_jobs_by_due ON media_jobs (due);
CREATE INDEX IF NOT EXISTS media_jobs_by_attachment ON media_jobs (attachment_id);
