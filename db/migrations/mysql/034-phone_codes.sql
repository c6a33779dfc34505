-- Codes sent to phones, counted for a day: nobody is to flood a stranger's phone by typing it.
CREATE TABLE IF NOT EXISTS phone_codes (
  outbox_id bigint NOT NULL,
  phone varchar(32) COLLATE utf8mb4_bin NOT NULL,
  sent datetime(3) NOT NULL,
  PRIMARY KEY (outbox_id),
  KEY phone_codes_by_phone (phone, sent)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
