find_package(benchmark REQUIRED)
huiyin_bench(understanding SOURCES understanding.cpp understanding_answers.cpp LINK huiyin_dialogs benchmark::benchmark)
target_compile_definitions(understanding PRIVATE HUIYIN_SOURCE_FOLDER="${CMAKE_SOURCE_DIR}")
