-- Receipts that came before the message they name was known by that name; looked at again when due, for an hour.
CREATE TABLE IF NOT EXISTS early_receipts (
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  receipt_id TEXT NOT NULL CHECK (length(receipt_id) <= 255),
  state TEXT NOT NULL CHECK (state IN ('delivered', 'failed')),
  may_pass INTEGER NOT NULL CHECK (may_pass IN (0, 1)),
  detail TEXT NOT NULL CHECK (length(detail) <= 1000),
  received TEXT NOT NULL,
  due TEXT NOT NULL,
  PRIMARY KEY (channel, receipt_id, state)
) STRICT;
CREATE INDEX IF NOT EXISTS early_receipts_by_due ON early_receipts (due);
CREATE INDEX IF NOT EXISTS early_receipts_by_received ON early_receipts (received);
