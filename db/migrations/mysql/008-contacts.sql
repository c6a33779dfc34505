-- A person. `phone` is a claim until phone_verified; `alias_of` is the contact that this one was merged into.
CREATE TABLE IF NOT EXISTS contacts (
  id bigint NOT NULL PRIMARY KEY,
  name varchar(128) NOT NULL,
  phone varchar(32) COLLATE utf8mb4_bin NOT NULL,
  phone_verified tinyint(1) NOT NULL,
  addresses mediumtext NOT NULL,
  alias_of bigint,
  locale varchar(16) COLLATE utf8mb4_bin NOT NULL,
  consented datetime(3),
  purge_after datetime(3),
  version bigint NOT NULL,
  KEY contacts_by_phone (phone),
  KEY contacts_by_alias (alias_of),
  KEY contacts_by_purge (purge_after)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
