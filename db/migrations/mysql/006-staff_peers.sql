-- Where staff are told: their ids in work chats.
CREATE TABLE IF NOT EXISTS staff_peers (
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  address varchar(255) COLLATE utf8mb4_bin NOT NULL,
  staff_id bigint NOT NULL,
  PRIMARY KEY (channel, address),
  KEY staff_peers_by_staff (staff_id),
  FOREIGN KEY (staff_id) REFERENCES staff (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
