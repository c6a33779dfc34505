add_executable(floor floor.cpp floor_store.cpp load_floor.cpp load_process.cpp load_server.cpp)
target_link_libraries(floor PRIVATE huiyin_options huiyin_db huiyin_net huiyin_mysqlcppconn CLI11::CLI11 nlohmann_json::nlohmann_json)
