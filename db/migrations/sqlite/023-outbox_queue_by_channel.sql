-- The destinations of one channel as they fall due: each channel is leased by itself, so that none waits behind another.
CREATE INDEX IF NOT EXISTS outbox_queue_by_channel_due ON outbox_queue (channel, due);
