-- Photos, videos, voice messages and files; no ticket while the form is being filled.
CREATE TABLE IF NOT EXISTS attachments (
  id bigint NOT NULL PRIMARY KEY,
  conversation_id bigint,
  ticket_id bigint,
  kind varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (kind IN ('image', 'voice', 'video', 'file')),
  stage varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (stage IN ('unspecified', 'before', 'after')),
  file_name varchar(255) NOT NULL,
  sha256 varchar(64) COLLATE utf8mb4_bin NOT NULL,
  mime_type varchar(128) COLLATE utf8mb4_bin NOT NULL,
  size_bytes bigint NOT NULL,
  received datetime(3) NOT NULL,
  KEY attachments_by_ticket (ticket_id),
  KEY attachments_by_conversation (conversation_id),
  KEY attachments_by_sha256 (sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
