-- Its readers go by ticket_history_of_ticket.
DROP INDEX IF EXISTS ticket_history_by_ticket;
