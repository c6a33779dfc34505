-- The next ticket number that nobody has taken; one row.
CREATE TABLE IF NOT EXISTS ticket_sequence (
  id bigint NOT NULL PRIMARY KEY,
  next_number bigint NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
