huiyin_bench(sms SOURCES sms.cpp sms_phones.cpp sms_responder.cpp LINK fmt::fmt)
