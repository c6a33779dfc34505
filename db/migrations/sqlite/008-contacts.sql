-- A person. `phone` is a claim until phone_verified; `alias_of` is the contact that this one was merged into.
CREATE TABLE IF NOT EXISTS contacts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) <= 128),
  phone TEXT NOT NULL CHECK (length(phone) <= 32),
  phone_verified INTEGER NOT NULL CHECK (phone_verified IN (0, 1)),
  addresses TEXT NOT NULL,
  alias_of INTEGER,
  locale TEXT NOT NULL CHECK (length(locale) <= 16),
  consented TEXT,
  purge_after TEXT,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS contacts_by_phone ON contacts (phone);
CREATE INDEX IF NOT EXISTS contacts_by_alias ON contacts (alias_of);
CREATE INDEX IF NOT EXISTS contacts_by_purge ON contacts (purge_after);
