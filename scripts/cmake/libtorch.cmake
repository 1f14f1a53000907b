# The imported target `libtorch`: of HPO_LIBTORCH (a folder with include/ and lib/), by default where
# scripts/setup unpacks the pinned wheel. The wheel's own TorchConfig.cmake insists on a CUDA toolkit.
include(${PROJECT_SOURCE_DIR}/scripts/cmake/deps.cmake)
set(HPO_LIBTORCH ${default_deps}/libtorch-2.11.0/torch CACHE PATH "libtorch 2.4 or newer")
if(NOT EXISTS ${HPO_LIBTORCH}/lib/libtorch_cpu.so)
  message(FATAL_ERROR "no libtorch in ${HPO_LIBTORCH}: run scripts/setup, or give -DHPO_LIBTORCH=DIR "
                      "or -DHPO_WITH_TORCH=OFF")
endif()
set(torch_lib ${HPO_LIBTORCH}/lib)
add_library(libtorch INTERFACE IMPORTED)
# Searched last: the wheel brings headers of its own fmt, whose library it does not bring.
target_compile_options(libtorch INTERFACE "SHELL:-idirafter ${HPO_LIBTORCH}/include"
                       "SHELL:-idirafter ${HPO_LIBTORCH}/include/torch/csrc/api/include")
# The two CUDA runtime wheels lie beside torch/ (nvidia/cu13/lib): libtorch_cpu.so names them.
target_link_libraries(libtorch INTERFACE ${torch_lib}/libtorch_cpu.so ${torch_lib}/libc10.so)
target_link_options(libtorch INTERFACE -Wl,--allow-shlib-undefined -Wl,-rpath,${torch_lib}
                                       -Wl,-rpath,${HPO_LIBTORCH}/../nvidia/cu13/lib)
