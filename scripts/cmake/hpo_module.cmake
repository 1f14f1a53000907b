# hpo_module(NAME SOURCES ... [DEPENDS ...] [PRIVATE ...]): the static library hpo_NAME of the folder's sources.
# DEPENDS are modules whose headers it shows on, PRIVATE the packages that only its sources see.
function(hpo_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(hpo_${name} STATIC ${ARG_SOURCES})
  target_include_directories(hpo_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(hpo_${name} PUBLIC ${ARG_DEPENDS} PRIVATE hpo_options ${ARG_PRIVATE})
endfunction()

# hpo_tests(NAME SOURCES ... DEPENDS ... [PROGRAMS ...] [LABELS ...]): one test program; every TEST is a ctest of its
# own. PROGRAMS are the targets that the tests start.
function(hpo_tests name)
  if(NOT HPO_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS;PROGRAMS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(hpo_${name}_tests ${ARG_SOURCES})
  target_link_libraries(hpo_${name}_tests PRIVATE hpo_options hpo_test_paths ${ARG_DEPENDS} GTest::gmock
                                                  GTest::gtest_main)
  if(ARG_PROGRAMS)
    add_dependencies(hpo_${name}_tests ${ARG_PROGRAMS})
  endif()
  gtest_discover_tests(hpo_${name}_tests TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${name};${ARG_LABELS}")
endfunction()

# hpo_test_program(NAME SOURCES ... DEPENDS ...): a program that tests start.
function(hpo_test_program name)
  if(NOT HPO_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE hpo_options ${ARG_DEPENDS})
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
