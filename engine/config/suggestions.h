#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpo::config {

/// The name of `known` that `word` was most likely meant to be: the same but for a few letters, or
/// another tool's word for it (`low` for `min`). Empty where nothing is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// `did you mean "x"?`, or empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// `a, b, c`.
std::string join(const std::vector<std::string>& words);

}  // namespace hpo::config
