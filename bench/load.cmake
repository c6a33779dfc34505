add_executable(load
  load.cpp load_audit.cpp load_connection.cpp load_daemon.cpp load_echo.cpp load_floor.cpp load_messages.cpp load_owners.cpp
  load_process.cpp load_server.cpp)
target_link_libraries(load PRIVATE huiyin_options huiyin_adapters huiyin_db huiyin_mysqlcppconn huiyin_net CLI11::CLI11
                                   nlohmann_json::nlohmann_json)
