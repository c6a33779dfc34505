add_executable(life life.cpp load_process.cpp load_server.cpp)
target_link_libraries(life PRIVATE huiyin_options huiyin_gateway huiyin_db huiyin_net CLI11::CLI11 fmt::fmt
                                   nlohmann_json::nlohmann_json)
