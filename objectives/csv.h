#pragma once

#include <string>
#include <vector>

namespace hpo {

/// One line of CSV as RFC 4180 has it, quoted where needed, with its line break.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace hpo
