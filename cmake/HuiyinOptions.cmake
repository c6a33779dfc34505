# Language, warnings, sanitizers and the compiler cache: what every target of the tree shares.
option(HUIYIN_TESTS "Build the tests" ON)
option(HUIYIN_BENCH "Build the benchmarks" OFF)
option(HUIYIN_FUZZ "Build the fuzz targets (clang only)" OFF)
option(HUIYIN_UNITY "Compile several sources as one file: a clean build takes a quarter of the time" ON)
set(HUIYIN_UNITY_LINES 2000 CACHE STRING "How many lines of sources are compiled as one file at most")
set(HUIYIN_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(HUIYIN_CCACHE ccache)
if(HUIYIN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${HUIYIN_CCACHE}")
endif()

add_library(huiyin_options INTERFACE)
target_compile_options(huiyin_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
target_include_directories(huiyin_options INTERFACE "${CMAKE_SOURCE_DIR}")
if(HUIYIN_UNITY)
  # What GCC takes for a header is a source among others here; a class of its own may well have what has no linkage.
  target_compile_options(huiyin_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
if(HUIYIN_SANITIZE)
  target_compile_options(huiyin_options INTERFACE -fsanitize=${HUIYIN_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  target_link_options(huiyin_options INTERFACE -fsanitize=${HUIYIN_SANITIZE})
  # GCC 12 takes std::optional's storage for uninitialised where sanitizers change the code (GCC bug 105562 and its kind).
  target_compile_options(huiyin_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  # GCC's ThreadSanitizer does not know fences; Boost.Asio's are beside atomics that it does know.
  if(HUIYIN_SANITIZE STREQUAL "thread")
    target_compile_options(huiyin_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()
if(HUIYIN_FUZZ)
  target_compile_options(huiyin_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
