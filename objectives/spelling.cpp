#include "objectives/spelling.h"

#include <algorithm>
#include <array>

#include "objectives/plain_text.h"

namespace hpo {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::string x = lower(a);
  const std::string y = lower(b);
  // d[i % 3][j]: distance of the first i letters of x to the first j of y.
  std::array<std::vector<std::size_t>, 3> d;
  for (auto& row : d) row.resize(y.size() + 1);
  for (std::size_t j = 0; j <= y.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    auto& row = d[i % 3];
    const auto& before = d[(i - 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      const std::size_t replaced = before[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, replaced});
      const bool is_swap = i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1];
      if (is_swap) row[j] = std::min(row[j], d[(i - 2) % 3][j - 2] + 1);
    }
  }
  return d[x.size() % 3][y.size()];
}

std::string nearest_name(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestName = 100;  // nobody misspells more, and the cost is quadratic
  if (word.empty() || word.size() > kLongestName) return {};
  std::string best;
  // One letter of a short name, two of a longer one, at most a third of it.
  std::size_t best_distance =
      std::max<std::size_t>(1, std::min<std::size_t>(3, word.size() / 3)) + 1;
  for (const auto& name : known) {
    if (name.size() > kLongestName) continue;
    const std::size_t distance = edit_distance(word, name);
    if (distance < best_distance && distance < std::max(word.size(), name.size())) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

}  // namespace hpo
