-- Photos, videos, voice messages and files; no ticket while the form is being filled.
CREATE TABLE IF NOT EXISTS attachments (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER,
  ticket_id INTEGER,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'voice', 'video', 'file')),
  stage TEXT NOT NULL CHECK (stage IN ('unspecified', 'before', 'after')),
  file_name TEXT NOT NULL CHECK (length(file_name) <= 255),
  sha256 TEXT NOT NULL CHECK (length(sha256) <= 64),
  mime_type TEXT NOT NULL CHECK (length(mime_type) <= 128),
  size_bytes INTEGER NOT NULL,
  received TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS attachments_by_ticket ON attachments (ticket_id);
CREATE INDEX IF NOT EXISTS attachments_by_conversation ON attachments (conversation_id);
CREATE INDEX IF NOT EXISTS attachments_by_sha256 ON attachments (sha256);
