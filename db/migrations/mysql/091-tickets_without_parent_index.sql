-- Nobody looks for a ticket by its parent.
DROP INDEX tickets_by_parent ON tickets;
