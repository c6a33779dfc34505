-- Nobody looks for a conversation by its contact.
DROP INDEX IF EXISTS conversations_by_contact;
