-- Holds all that a report reads of a change, so that a million tickets' changes are read without their words.
CREATE INDEX IF NOT EXISTS ticket_history_of_ticket ON ticket_history (ticket_id, owner_visible, id, at, from_status, to_status);
