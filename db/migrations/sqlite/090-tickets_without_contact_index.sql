-- Nobody looks for a ticket by its contact: an owner's tickets are found by his peers.
DROP INDEX IF EXISTS tickets_by_contact;
