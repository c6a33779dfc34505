-- Agents, dispatchers, managers, admins.
CREATE TABLE IF NOT EXISTS staff (
  id bigint NOT NULL PRIMARY KEY,
  estate_id bigint,
  department_id bigint,
  role varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (role IN ('agent', 'dispatcher', 'manager', 'admin')),
  name varchar(128) NOT NULL,
  phone varchar(32) COLLATE utf8mb4_bin NOT NULL,
  disabled tinyint(1) NOT NULL,
  version bigint NOT NULL,
  KEY staff_by_estate (estate_id),
  KEY staff_by_department (department_id),
  KEY staff_by_phone (phone)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
