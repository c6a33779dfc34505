-- Every delivery as it came, with the reply given. The id is the unit of work's: it rises, so rows are appended.
CREATE TABLE IF NOT EXISTS inbox (
  id bigint NOT NULL PRIMARY KEY,
  delivery_key varchar(255) COLLATE utf8mb4_bin NOT NULL,
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  peer varchar(255) COLLATE utf8mb4_bin NOT NULL,
  raw mediumblob NOT NULL,
  received datetime(3) NOT NULL,
  request_id varchar(64) COLLATE utf8mb4_bin NOT NULL,
  reply mediumtext,
  reply_moved tinyint(1) NOT NULL,
  UNIQUE KEY inbox_by_key (delivery_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
