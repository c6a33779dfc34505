add_executable(mail mail.cpp mail_letters.cpp load_daemon.cpp load_process.cpp load_server.cpp)
target_link_libraries(mail PRIVATE huiyin_options huiyin_adapters huiyin_db huiyin_net CLI11::CLI11
                                   nlohmann_json::nlohmann_json)
