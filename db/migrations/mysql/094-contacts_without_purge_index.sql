-- Nobody looks for a contact by when it is to be purged.
DROP INDEX contacts_by_purge ON contacts;
