-- Access tokens and the like that all nodes share.
CREATE TABLE IF NOT EXISTS credentials (
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  name varchar(32) COLLATE utf8mb4_bin NOT NULL,
  value mediumtext NOT NULL,
  expires datetime(3) NOT NULL,
  refreshed datetime(3) NOT NULL,
  lease_owner varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  lease_expires datetime(3) NOT NULL DEFAULT '1970-01-01 00:00:00.000',
  claim bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (channel, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
