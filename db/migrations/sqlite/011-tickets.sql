-- 工单.
CREATE TABLE IF NOT EXISTS tickets (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  estate_id INTEGER,
  conversation_id INTEGER,
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  address TEXT NOT NULL CHECK (length(address) <= 255),
  contact_id INTEGER,
  name TEXT NOT NULL CHECK (length(name) <= 128),
  phone TEXT NOT NULL CHECK (length(phone) <= 32),
  reported_for TEXT NOT NULL CHECK (length(reported_for) <= 128),
  place_id INTEGER,
  place_text TEXT NOT NULL CHECK (length(place_text) <= 1000),
  category TEXT NOT NULL CHECK (category IN ('repair', 'cleaning', 'service', 'security', 'internal', 'out_of_scope', 'none')),
  subcategory TEXT NOT NULL CHECK (length(subcategory) <= 64),
  description TEXT NOT NULL,
  priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  danger TEXT NOT NULL CHECK (length(danger) <= 32),
  audit TEXT NOT NULL CHECK (length(audit) <= 1000),
  department_id INTEGER,
  assignee_id INTEGER,
  status TEXT NOT NULL CHECK (status IN ('opened', 'assigned', 'accepted', 'in_progress', 'suspended', 'resolved', 'closed', 'withdrawn', 'out_of_scope', 'merged')),
  parent_id INTEGER,
  merged_into INTEGER,
  preferred_visit TEXT NOT NULL CHECK (length(preferred_visit) <= 255),
  may_enter INTEGER NOT NULL CHECK (may_enter IN (0, 1)),
  chargeable INTEGER NOT NULL CHECK (chargeable IN (0, 1)),
  quote_cents INTEGER NOT NULL,
  opened TEXT NOT NULL,
  respond_by TEXT,
  resolve_by TEXT,
  closed TEXT,
  purge_after TEXT,
  request_id TEXT NOT NULL CHECK (length(request_id) <= 64),
  version INTEGER NOT NULL,
  UNIQUE (number)
) STRICT;
CREATE INDEX IF NOT EXISTS tickets_by_peer ON tickets (channel, address, id);
CREATE INDEX IF NOT EXISTS tickets_by_status ON tickets (status, id);
CREATE INDEX IF NOT EXISTS tickets_by_estate ON tickets (estate_id, status, id);
CREATE INDEX IF NOT EXISTS tickets_by_contact ON tickets (contact_id, id);
CREATE INDEX IF NOT EXISTS tickets_by_department ON tickets (department_id, status);
CREATE INDEX IF NOT EXISTS tickets_by_assignee ON tickets (assignee_id, status);
CREATE INDEX IF NOT EXISTS tickets_by_parent ON tickets (parent_id);
CREATE INDEX IF NOT EXISTS tickets_by_merged ON tickets (merged_into);
CREATE INDEX IF NOT EXISTS tickets_by_purge ON tickets (purge_after);
