add_executable(report report.cpp report_seed.cpp load_process.cpp load_server.cpp)
target_link_libraries(report PRIVATE huiyin_options huiyin_gateway huiyin_db huiyin_net CLI11::CLI11 fmt::fmt
                                     nlohmann_json::nlohmann_json)
