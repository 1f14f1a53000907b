#include "engine/duration_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace hpo {

std::string duration_text(double seconds) {
  auto rest = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e15)));
  if (seconds < 1e-3) return "0s";
  if (rest < 1) return fmt::format("{:.2g}s", seconds);
  std::string text;
  for (const auto& [unit, length] : {std::pair{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}) {
    if (rest >= length) text += fmt::format("{}{}{}", text.empty() ? "" : " ", rest / length, unit);
    rest %= length;
  }
  return text;
}

}  // namespace hpo
