-- Nobody looks for a conversation by its contact.
DROP INDEX conversations_by_contact ON conversations;
