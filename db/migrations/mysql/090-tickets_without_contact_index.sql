-- Nobody looks for a ticket by its contact: an owner's tickets are found by his peers.
DROP INDEX tickets_by_contact ON tickets;
