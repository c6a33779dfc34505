CREATE INDEX IF NOT EXISTS tickets_by_place ON tickets (place_id, id);
