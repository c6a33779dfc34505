-- Agents, dispatchers, managers, admins.
CREATE TABLE IF NOT EXISTS staff (
  id INTEGER PRIMARY KEY,
  estate_id INTEGER,
  department_id INTEGER,
  role TEXT NOT NULL CHECK (role IN ('agent', 'dispatcher', 'manager', 'admin')),
  name TEXT NOT NULL CHECK (length(name) <= 128),
  phone TEXT NOT NULL CHECK (length(phone) <= 32),
  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS staff_by_estate ON staff (estate_id);
CREATE INDEX IF NOT EXISTS staff_by_department ON staff (department_id);
CREATE INDEX IF NOT EXISTS staff_by_phone ON staff (phone);
