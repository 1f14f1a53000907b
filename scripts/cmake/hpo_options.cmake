# What every target of the project is compiled with; nothing is set globally.
add_library(hpo_options INTERFACE)
target_compile_options(hpo_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -march=${HPO_MARCH})
option(HPO_WERROR "Warnings are errors" OFF)
if(HPO_WERROR)
  target_compile_options(hpo_options INTERFACE -Werror)
endif()
target_compile_definitions(hpo_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(HPO_SANITIZE)
  target_compile_options(hpo_options INTERFACE -fsanitize=${HPO_SANITIZE} -fno-omit-frame-pointer
                                               -fno-sanitize-recover=all -g1)
  target_link_options(hpo_options INTERFACE -fsanitize=${HPO_SANITIZE})
  # At -O1 g++ 12 takes Asio's frame allocator (aligned_alloc and its own operator delete) for a mistake.
  target_compile_options(hpo_options INTERFACE -Wno-mismatched-new-delete)
  if(HPO_SANITIZE STREQUAL "thread")
    # Asio's fences are invisible to the thread sanitizer, and -Wtsan warns of them.
    target_compile_definitions(hpo_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
find_program(HPO_CCACHE ccache)
if(HPO_CCACHE)
  # Paths relative to the checkout, so that another clone of it finds what this one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
                                  ${HPO_CCACHE})
endif()
