-- What falls due once, as an event.
CREATE TABLE IF NOT EXISTS timers (
  id bigint NOT NULL PRIMARY KEY,
  due datetime(3) NOT NULL,
  kind varchar(32) COLLATE utf8mb4_bin NOT NULL,
  subject varchar(64) COLLATE utf8mb4_bin NOT NULL,
  lease_owner varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  lease_expires datetime(3) NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim bigint NOT NULL DEFAULT 0,
  KEY timers_by_due (due),
  KEY timers_by_subject (subject)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
