-- Nobody looks for a ticket by its parent.
DROP INDEX IF EXISTS tickets_by_parent;
