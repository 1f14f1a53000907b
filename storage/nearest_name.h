#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpo {

/// The name that `word` was likely meant to be: at most a third of its letters differ. Else empty.
std::string nearest_name(std::string_view word, const std::vector<std::string>& names);

}  // namespace hpo
