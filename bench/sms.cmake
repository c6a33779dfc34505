add_executable(sms sms.cpp sms_phones.cpp sms_responder.cpp load_daemon.cpp load_process.cpp load_server.cpp)
target_link_libraries(sms PRIVATE huiyin_options huiyin_db huiyin_net fmt::fmt CLI11::CLI11
                                  nlohmann_json::nlohmann_json)
