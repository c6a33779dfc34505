-- Who gets what.
CREATE TABLE IF NOT EXISTS departments (
  id bigint NOT NULL PRIMARY KEY,
  estate_id bigint,
  name varchar(64) NOT NULL,
  categories varchar(255) NOT NULL,
  KEY departments_by_estate (estate_id),
  FOREIGN KEY (estate_id) REFERENCES estates (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
