-- One row for every change of a ticket: who, over which channel, caused by which delivery, and whether the owner may see it.
CREATE TABLE IF NOT EXISTS ticket_history (
  id bigint NOT NULL PRIMARY KEY,
  ticket_id bigint NOT NULL,
  at datetime(3) NOT NULL,
  action varchar(32) COLLATE utf8mb4_bin NOT NULL,
  from_status varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (from_status IN ('opened', 'assigned', 'accepted', 'in_progress', 'suspended', 'resolved', 'closed', 'withdrawn', 'out_of_scope', 'merged')),
  to_status varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (to_status IN ('opened', 'assigned', 'accepted', 'in_progress', 'suspended', 'resolved', 'closed', 'withdrawn', 'out_of_scope', 'merged')),
  owner_visible tinyint(1) NOT NULL,
  actor_kind varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (actor_kind IN ('owner', 'staff', 'system', 'operator')),
  actor_id bigint NOT NULL,
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  delivery_key varchar(255) COLLATE utf8mb4_bin NOT NULL,
  words mediumtext NOT NULL,
  KEY ticket_history_by_ticket (ticket_id, owner_visible, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
