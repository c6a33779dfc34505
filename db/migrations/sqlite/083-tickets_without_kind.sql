-- Its reader goes by the matter.
DROP INDEX IF EXISTS tickets_by_kind;
