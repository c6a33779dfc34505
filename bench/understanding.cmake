find_package(benchmark REQUIRED)
add_executable(understanding understanding.cpp understanding_answers.cpp)
target_link_libraries(understanding PRIVATE huiyin_options huiyin_dialogs benchmark::benchmark nlohmann_json::nlohmann_json)
target_compile_definitions(understanding PRIVATE HUIYIN_SOURCE_FOLDER="${CMAKE_SOURCE_DIR}")
