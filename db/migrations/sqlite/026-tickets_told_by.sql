-- How the owner was told the result: phone, in_person, wechat, message, sms; empty while there is none.
ALTER TABLE tickets ADD COLUMN told_by TEXT NOT NULL DEFAULT '' CHECK (length(told_by) <= 16);
