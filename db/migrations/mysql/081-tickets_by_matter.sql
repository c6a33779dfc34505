CREATE INDEX tickets_by_matter ON tickets (matter, id);
