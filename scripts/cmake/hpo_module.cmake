# hpo_module(NAME SOURCES ... [DEPENDS ...] [PRIVATE ...]): the static library hpo_NAME of the folder's sources.
# DEPENDS are modules whose headers it shows on, PRIVATE the packages that only its sources see.
function(hpo_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(hpo_${name} STATIC ${ARG_SOURCES})
  target_include_directories(hpo_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(hpo_${name} PUBLIC ${ARG_DEPENDS} PRIVATE hpo_options ${ARG_PRIVATE})
endfunction()

# hpo_tests(NAME SOURCES ... DEPENDS ... [LABELS ...]): one test program; every TEST is a ctest of its own.
function(hpo_tests name)
  if(NOT HPO_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(hpo_${name}_tests ${ARG_SOURCES})
  target_link_libraries(hpo_${name}_tests PRIVATE hpo_options ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(hpo_${name}_tests PRIVATE HPO_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                       HPO_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  gtest_discover_tests(hpo_${name}_tests TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${name};${ARG_LABELS}")
endfunction()

# hpo_benchmark(NAME SOURCES ... DEPENDS ...): the program hpo_NAME_benchmark, which prints figures for scripts/bench.
function(hpo_benchmark name)
  if(NOT HPO_BENCHMARKS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(hpo_${name}_benchmark ${ARG_SOURCES})
  target_link_libraries(hpo_${name}_benchmark PRIVATE hpo_options ${ARG_DEPENDS})
endfunction()
