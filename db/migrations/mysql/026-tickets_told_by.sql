-- How the owner was told the result: phone, in_person, wechat, message, sms; empty while there is none.
ALTER TABLE tickets ADD COLUMN told_by varchar(16) COLLATE utf8mb4_bin NOT NULL DEFAULT '';
