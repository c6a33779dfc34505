-- Codes sent to phones, counted for a day: nobody is to flood a stranger's phone by typing it.
CREATE TABLE IF NOT EXISTS phone_codes (
  outbox_id INTEGER PRIMARY KEY,
  phone TEXT NOT NULL CHECK (length(phone) <= 32),
  sent TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS phone_codes_by_phone ON phone_codes (phone, sent);
