-- Peers whose owner is known for certain.
CREATE TABLE IF NOT EXISTS contact_peers (
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  address varchar(255) COLLATE utf8mb4_bin NOT NULL,
  contact_id bigint NOT NULL,
  since datetime(3) NOT NULL,
  PRIMARY KEY (channel, address),
  KEY contact_peers_by_contact (contact_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
