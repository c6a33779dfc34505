-- Its reader goes by the matter.
DROP INDEX tickets_by_kind ON tickets;
