-- The newest ticket that somebody was given: whose turn it is.
CREATE INDEX IF NOT EXISTS tickets_by_assignee_newest ON tickets (assignee_id, id);
