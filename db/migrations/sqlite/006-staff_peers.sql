-- Where staff are told: their ids in work chats.
CREATE TABLE IF NOT EXISTS staff_peers (
  channel TEXT NOT NULL CHECK (length(channel) <= 64),
  address TEXT NOT NULL CHECK (length(address) <= 255),
  staff_id INTEGER NOT NULL,
  PRIMARY KEY (channel, address),
  FOREIGN KEY (staff_id) REFERENCES staff (id)
) STRICT;
CREATE INDEX IF NOT EXISTS staff_peers_by_staff ON staff_peers (staff_id);
