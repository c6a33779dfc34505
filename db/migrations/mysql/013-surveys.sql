-- 满意度调查: one for each closing of a ticket.
CREATE TABLE IF NOT EXISTS surveys (
  id bigint NOT NULL PRIMARY KEY,
  ticket_id bigint NOT NULL,
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  address varchar(255) COLLATE utf8mb4_bin NOT NULL,
  closing int NOT NULL,
  score int,
  suggestion mediumtext NOT NULL,
  outcome varchar(16) COLLATE utf8mb4_bin NOT NULL,
  asked datetime(3) NOT NULL,
  expires datetime(3) NOT NULL,
  answered datetime(3),
  version bigint NOT NULL,
  UNIQUE KEY surveys_by_closing (ticket_id, closing),
  KEY surveys_by_peer (channel, address, answered, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
