add_executable(drain drain.cpp drain_curl.cpp drain_sink.cpp load_daemon.cpp load_process.cpp load_server.cpp)
target_link_libraries(drain PRIVATE huiyin_options huiyin_db huiyin_net CURL::libcurl CLI11::CLI11
                                    nlohmann_json::nlohmann_json)
