huiyin_bench(drain SOURCES drain.cpp drain_curl.cpp drain_sink.cpp LINK CURL::libcurl)
