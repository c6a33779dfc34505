-- One company, many estates (小区).
CREATE TABLE IF NOT EXISTS estates (
  id bigint NOT NULL PRIMARY KEY,
  name varchar(64) COLLATE utf8mb4_bin NOT NULL,
  title varchar(255) NOT NULL,
  hotline varchar(64) NOT NULL,
  time_zone varchar(64) COLLATE utf8mb4_bin NOT NULL,
  created datetime(3) NOT NULL,
  UNIQUE KEY estates_by_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
