#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hpo {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, whatever the
/// case (optimal string alignment; Damerau 1964).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name of `known` that `word` is but for a slip or two (at most a third of its letters), for
/// "did you mean". Empty where nothing is near.
std::string nearest_name(std::string_view word, const std::vector<std::string>& known);

}  // namespace hpo
