-- Nobody looks for a contact by when it is to be purged.
DROP INDEX IF EXISTS contacts_by_purge;
