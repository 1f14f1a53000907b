#include "engine/cli/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace hpo::cli {
namespace {

constexpr std::array kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array kPlain = {"_", ".", "-", "=", "^"};

template <class Levels>
std::string drawn(const std::vector<double>& values, const Levels& levels) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double most = static_cast<double>(levels.size() - 1);
  std::string text;
  for (const double value : values) {
    const double share = *high > *low ? (value - *low) / (*high - *low) : 0.5;
    text += levels[static_cast<std::size_t>(std::clamp(std::round(share * most), 0.0, most))];
  }
  return text;
}

}  // namespace

std::string sparkline(const std::vector<double>& values, int columns, bool has_unicode) {
  std::vector<double> kept;
  for (const double value : values) {
    if (std::isfinite(value)) kept.push_back(value);
  }
  const auto room = static_cast<std::size_t>(std::max(1, columns));
  if (kept.size() > room) {
    std::vector<double> last;
    for (std::size_t k = 1; k <= room; ++k) last.push_back(kept[k * kept.size() / room - 1]);
    kept = std::move(last);
  }
  if (kept.empty()) return {};
  return has_unicode ? drawn(kept, kBlocks) : drawn(kept, kPlain);
}

}  // namespace hpo::cli
