-- Receipts that came before the message they name was known by that name; looked at again when due, for an hour.
CREATE TABLE IF NOT EXISTS early_receipts (
  channel varchar(64) COLLATE utf8mb4_bin NOT NULL,
  receipt_id varchar(255) COLLATE utf8mb4_bin NOT NULL,
  state varchar(16) COLLATE utf8mb4_bin NOT NULL CHECK (state IN ('delivered', 'failed')),
  may_pass tinyint(1) NOT NULL,
  detail varchar(1000) NOT NULL,
  received datetime(3) NOT NULL,
  due datetime(3) NOT NULL,
  PRIMARY KEY (channel, receipt_id, state),
  KEY early_receipts_by_due (due),
  KEY early_receipts_by_received (received)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
