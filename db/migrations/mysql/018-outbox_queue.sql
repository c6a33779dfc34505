-- Destinations with rows that wait: what a dispatcher leases.
CREATE TABLE IF NOT EXISTS outbox_queue (
  id bigint NOT NULL PRIMARY KEY,
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  address varchar(255) COLLATE utf8mb4_bin NOT NULL,
  due datetime(3) NOT NULL,
  lease_owner varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  lease_expires datetime(3) NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim bigint NOT NULL DEFAULT 0,
  UNIQUE KEY outbox_queue_by_destination (channel, address),
  KEY outbox_queue_by_due (due)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
