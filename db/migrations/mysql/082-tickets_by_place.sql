CREATE INDEX tickets_by_place ON tickets (place_id, id);
