#pragma once

#include <string>
#include <vector>

namespace hpo::cli {

/// The values as a curve one line high, at most so many columns: of neighbours that share a column
/// the last counts. Plain characters without Unicode. Values that are not finite are left out.
std::string sparkline(const std::vector<double>& values, int columns, bool has_unicode);

}  // namespace hpo::cli
