CREATE INDEX IF NOT EXISTS tickets_by_matter ON tickets (matter, id);
