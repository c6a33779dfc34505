-- Bytes of an attachment that are still to be fetched from the provider.
CREATE TABLE IF NOT EXISTS media_jobs (
  id bigint NOT NULL PRIMARY KEY,
  attachment_id bigint NOT NULL,
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  media_id varchar(255) COLLATE utf8mb4_bin NOT NULL,
  url varchar(2000) NOT NULL,
  due datetime(3) NOT NULL,
  expires datetime(3) NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  last_error varchar(255) NOT NULL DEFAULT '',
  lease_owner varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  lease_expires datetime(3) NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim bigint NOT NULL DEFAULT 0,
  KEY media_jobs_by_due (due),
  KEY media_jobs_by_attachment (attachment_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
