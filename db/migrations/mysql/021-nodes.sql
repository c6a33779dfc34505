-- Which process has which node number (a part of every id).
CREATE TABLE IF NOT EXISTS nodes (
  id bigint NOT NULL PRIMARY KEY,
  owner varchar(128) COLLATE utf8mb4_bin NOT NULL,
  expires datetime(3) NOT NULL,
  KEY nodes_by_owner (owner),
  KEY nodes_by_expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
