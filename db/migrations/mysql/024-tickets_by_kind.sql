-- Open tickets of one kind in one estate: where a new one's duplicates are looked for.
CREATE INDEX tickets_by_kind ON tickets (estate_id, category, status, id);
