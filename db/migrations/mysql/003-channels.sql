-- A configured account on a provider, and the estate that it speaks for.
CREATE TABLE IF NOT EXISTS channels (
  name varchar(64) COLLATE utf8mb4_bin NOT NULL,
  kind varchar(16) COLLATE utf8mb4_bin NOT NULL,
  provider varchar(32) COLLATE utf8mb4_bin NOT NULL,
  estate_id bigint,
  disabled tinyint(1) NOT NULL,
  created datetime(3) NOT NULL,
  PRIMARY KEY (name),
  KEY channels_by_estate (estate_id),
  FOREIGN KEY (estate_id) REFERENCES estates (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
