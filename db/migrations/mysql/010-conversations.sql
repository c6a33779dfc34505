-- (channel, peer): the hottest row that is updated. No foreign keys: each would lock the other table's row.
CREATE TABLE IF NOT EXISTS conversations (
  id bigint NOT NULL PRIMARY KEY,
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  address varchar(255) COLLATE utf8mb4_bin NOT NULL,
  estate_id bigint,
  contact_id bigint,
  locale varchar(16) COLLATE utf8mb4_bin NOT NULL,
  dialog mediumtext NOT NULL,
  more mediumtext NOT NULL,
  last_inbound datetime(3),
  push_windows varchar(4000) NOT NULL,
  consented datetime(3),
  opted_out tinyint(1) NOT NULL,
  gone tinyint(1) NOT NULL,
  with_human tinyint(1) NOT NULL,
  version bigint NOT NULL,
  UNIQUE KEY conversations_by_peer (channel, address),
  KEY conversations_by_contact (contact_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
