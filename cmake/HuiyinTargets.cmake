# huiyin_grouped(OUT NAME SOURCE ...): the sources as files that include several each (unity_groups.py), made for the target
# NAME; with HUIYIN_UNITY off, the sources themselves. What is made by the build or lies behind an expression stays as it is.
function(huiyin_grouped out name)
  set(plain "")
  set(grouped "")
  foreach(source IN LISTS ARGN)
    get_filename_component(path "${source}" ABSOLUTE)
    if(HUIYIN_UNITY AND EXISTS "${path}" AND NOT path MATCHES "^${CMAKE_BINARY_DIR}/")
      list(APPEND grouped "${path}")
    else()
      list(APPEND plain "${source}")
    endif()
  endforeach()
  list(LENGTH grouped count)
  if(count GREATER 1)
    execute_process(COMMAND "${Python3_EXECUTABLE}" "${CMAKE_SOURCE_DIR}/cmake/unity_groups.py" "${CMAKE_CURRENT_BINARY_DIR}/${name}"
                            "${HUIYIN_UNITY_LINES}" ${grouped}
                    OUTPUT_VARIABLE files OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE "\n" ";" grouped "${files}")
  endif()
  set(${out} ${grouped} ${plain} PARENT_SCOPE)
endfunction()

# huiyin_library(FOLDER SOURCES ... [LINK ...] [PRIVATE_LINK ...]): the library huiyin_FOLDER.
function(huiyin_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  huiyin_grouped(sources huiyin_${folder} ${arg_SOURCES})
  add_library(huiyin_${folder} STATIC ${sources})
  target_link_libraries(huiyin_${folder} PUBLIC huiyin_options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
endfunction()

# What CI builds of a preset where it does not build all.
add_custom_target(huiyin_tsan_tests)
add_custom_target(huiyin_fuzzers)

# The tests' own sources take half the time to build so, and run hardly slower.
set(HUIYIN_TEST_OPTIONS -O0)

# huiyin_test_objects(NAME SOURCES ... [LINK ...]): what several test binaries have in common, compiled once; each takes
# $<TARGET_OBJECTS:NAME> among its SOURCES.
function(huiyin_test_objects name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  huiyin_grouped(sources ${name} ${arg_SOURCES})
  add_library(${name} OBJECT ${sources})
  target_link_libraries(${name} PRIVATE huiyin_options ${arg_LINK} GTest::gmock GTest::gtest)
  target_compile_options(${name} PRIVATE ${HUIYIN_TEST_OPTIONS})
endfunction()

# huiyin_test(FOLDER [NAME name] SOURCES ... [LINK ...] [LABELS ...]): a test binary, each of its tests known to ctest
# and labelled with the folder and with what it costs: fast (the default; no server), db, servers. The label tsan, beside
# one of these, has it run under ThreadSanitizer too.
function(huiyin_test folder)
  cmake_parse_arguments(arg "" "NAME;TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT arg_NAME)
    set(arg_NAME ${folder}_test)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS fast)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  huiyin_grouped(sources ${arg_NAME} ${arg_SOURCES})
  add_executable(${arg_NAME} ${sources} $<TARGET_OBJECTS:huiyin_hang_report>)
  target_link_libraries(${arg_NAME} PRIVATE huiyin_options ${arg_LINK} GTest::gmock GTest::gtest_main)
  target_compile_options(${arg_NAME} PRIVATE ${HUIYIN_TEST_OPTIONS})
  gtest_discover_tests(${arg_NAME} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES
                       PROPERTIES TIMEOUT ${arg_TIMEOUT} ENVIRONMENT HUIYIN_TEST_TIMEOUT=${arg_TIMEOUT})
  # Not among the PROPERTIES above: gtest_discover_tests takes a list apart, and a test would have its first label alone.
  set(labels_file "${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}_labels.cmake")
  file(WRITE "${labels_file}" "if(${arg_NAME}_TESTS)\n"
       "  set_tests_properties(\${${arg_NAME}_TESTS} PROPERTIES LABELS \"${folder};${arg_LABELS}\")\n" "endif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${labels_file}")
  if("tsan" IN_LIST arg_LABELS)
    add_dependencies(huiyin_tsan_tests ${arg_NAME})
  endif()
endfunction()

# huiyin_fuzz(NAME SOURCES ... [LINK ...]): a libFuzzer target, built with the preset `asan` alone.
function(huiyin_fuzz name)
  if(NOT HUIYIN_FUZZ)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE huiyin_options ${arg_LINK})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin/fuzz")
  add_dependencies(huiyin_fuzzers ${name})
endfunction()
