-- Nobody looks for a contact by the one that it is an alias of.
DROP INDEX contacts_by_alias ON contacts;
