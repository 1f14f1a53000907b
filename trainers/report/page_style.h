#pragma once

#include <string_view>

namespace hpo {

/// The page's style sheet: light or dark as the reader's system is, fit for printing.
std::string_view page_style();

}  // namespace hpo
