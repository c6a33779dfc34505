-- Nobody looks for a ticket by when it is to be purged.
DROP INDEX tickets_by_purge ON tickets;
