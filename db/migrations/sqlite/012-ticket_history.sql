-- One row for every change of a ticket: who, over which channel, caused by which delivery, and whether the owner may see it.
CREATE TABLE IF NOT EXISTS ticket_history (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL,
  at TEXT NOT NULL,
  action TEXT NOT NULL CHECK (length(action) <= 32),
  from_status TEXT NOT NULL CHECK (from_status IN ('opened', 'assigned', 'accepted', 'in_progress', 'suspended', 'resolved', 'closed', 'withdrawn', 'out_of_scope', 'merged')),
  to_status TEXT NOT NULL CHECK (to_status IN ('opened', 'assigned', 'accepted', 'in_progress', 'suspended', 'resolved', 'closed', 'withdrawn', 'out_of_scope', 'merged')),
  owner_visible INTEGER NOT NULL CHECK (owner_visible IN (0, 1)),
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('owner', 'staff', 'system', 'operator')),
  actor_id INTEGER NOT NULL,
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  delivery_key TEXT NOT NULL CHECK (length(delivery_key) <= 255),
  words TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ticket_history_by_ticket ON ticket_history (ticket_id, owner_visible, id);
