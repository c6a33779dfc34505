-- The duty roster; a row of leave takes somebody out of it.
CREATE TABLE IF NOT EXISTS duties (
  staff_id bigint NOT NULL,
  from_at datetime(3) NOT NULL,
  until_at datetime(3) NOT NULL,
  is_leave tinyint(1) NOT NULL,
  PRIMARY KEY (staff_id, from_at),
  KEY duties_by_until (until_at),
  FOREIGN KEY (staff_id) REFERENCES staff (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
