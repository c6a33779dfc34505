-- Equal for two tickets that may tell of one trouble: where a new one's duplicates are looked for. 0: like no other.
ALTER TABLE tickets ADD COLUMN matter bigint NOT NULL DEFAULT 0;
