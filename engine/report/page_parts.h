#pragma once

#include <string_view>

// The files of engine/report/page/ as CMake compiled them in (page_parts.cmake).

namespace hpo::report {

std::string_view page_template();
std::string_view page_style();
std::string_view page_library();  ///< D3, with its licence
std::string_view page_script();   ///< all modules as one

}  // namespace hpo::report
