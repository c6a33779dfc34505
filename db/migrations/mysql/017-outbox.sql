-- What is owed to somebody. Rows of one destination go in id order.
CREATE TABLE IF NOT EXISTS outbox (
  id bigint NOT NULL PRIMARY KEY,
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  address varchar(255) COLLATE utf8mb4_bin NOT NULL,
  message_key varchar(255) COLLATE utf8mb4_bin NOT NULL,
  message mediumtext NOT NULL,
  ticket_id bigint,
  created datetime(3) NOT NULL,
  due datetime(3) NOT NULL,
  expires datetime(3),
  ordered tinyint(1) NOT NULL,
  urgent tinyint(1) NOT NULL,
  state varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered', 'unknown', 'dead', 'cancelled')),
  attempts int NOT NULL,
  last_error varchar(1000) NOT NULL,
  provider_id varchar(255) COLLATE utf8mb4_bin,
  receipt varchar(1000),
  request_id varchar(64) COLLATE utf8mb4_bin NOT NULL,
  KEY outbox_by_destination (channel, address, state, id),
  KEY outbox_by_key (message_key),
  KEY outbox_by_provider_id (provider_id),
  KEY outbox_by_ticket (ticket_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
