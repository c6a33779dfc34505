-- Its readers go by ticket_history_of_ticket.
DROP INDEX ticket_history_by_ticket ON ticket_history;
