-- The tree of an estate: 期/栋/单元/室. `path` is its whole name, for finding it again.
CREATE TABLE IF NOT EXISTS places (
  id bigint NOT NULL PRIMARY KEY,
  estate_id bigint NOT NULL,
  parent_id bigint,
  level varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (level IN ('phase', 'building', 'unit', 'room', 'area')),
  name varchar(64) NOT NULL,
  path varchar(255) COLLATE utf8mb4_bin NOT NULL,
  retired tinyint(1) NOT NULL,
  UNIQUE KEY places_by_path (estate_id, path),
  KEY places_by_parent (parent_id),
  FOREIGN KEY (estate_id) REFERENCES estates (id),
  FOREIGN KEY (parent_id) REFERENCES places (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
