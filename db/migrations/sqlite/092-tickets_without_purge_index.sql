-- Nobody looks for a ticket by when it is to be purged.
DROP INDEX IF EXISTS tickets_by_purge;
