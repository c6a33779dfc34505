huiyin_bench(mail SOURCES mail.cpp mail_letters.cpp LINK huiyin_adapters)
