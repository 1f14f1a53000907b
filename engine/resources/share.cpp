#include "engine/resources/share.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

#include "engine/resources/unit_locks.h"

namespace hpo::resources {
namespace {

/// Against the last bits of 1/fraction: 1/0.1 is ten, not nine.
constexpr double kRounding = 1e-9;

std::optional<int> as_number(const std::string& text) {
  int number = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || stop != text.data() + text.size() || number < 0) {
    return std::nullopt;
  }
  return number;
}

/// 0,1,2,3,6 → "0-3,6".
std::string ranges(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text +=
        last == i ? std::to_string(numbers[i]) : fmt::format("{}-{}", numbers[i], numbers[last]);
    i = last + 1;
  }
  return text;
}

/// "0-3" → its numbers; another text → itself. The bound keeps a damaged label from filling memory.
void append_range(const std::string& text, std::vector<std::string>& names) {
  constexpr int kMostInRange = 1 << 16;
  const auto dash = text.find('-');
  if (dash != std::string::npos) {
    const auto first = as_number(text.substr(0, dash));
    const auto last = as_number(text.substr(dash + 1));
    if (first && last && *first <= *last && *last - *first < kMostInRange) {
      for (int number = *first; number <= *last; ++number) names.push_back(std::to_string(number));
      return;
    }
  }
  if (!text.empty()) names.push_back(text);
}

}  // namespace

Amount amount_of(double devices) {
  Amount amount;
  amount.whole = static_cast<int>(std::floor(devices + kRounding));
  const double fraction = devices - amount.whole;
  if (fraction < kRounding) return amount;
  // Rounded up, unless a little less lets as many fit as 1/fraction says, and not one more.
  const double rounded_up = std::ceil(fraction * kDeviceUnits - kRounding);
  const double shares = std::clamp(std::floor(1 / fraction + kRounding), 1.0, 1.0 * kDeviceUnits);
  const double even = std::floor(kDeviceUnits / shares);
  const bool is_exact = std::floor(kDeviceUnits / even) == shares;
  const double units = is_exact ? std::min(rounded_up, even) : rounded_up;
  amount.units = static_cast<int>(std::max(1.0, units));
  if (amount.units == kDeviceUnits) return {.whole = amount.whole + 1};
  return amount;
}

int fitting(const Amount& amount, int devices) {
  if (amount.units == 0) return amount.whole == 0 ? 0 : devices / amount.whole;
  const int per_device = kDeviceUnits / amount.units;
  if (amount.whole == 0) return devices * per_device;
  int trials = 0;
  const auto needed = [&](int count) {
    return count * amount.whole + (count + per_device - 1) / per_device;
  };
  while (needed(trials + 1) <= devices) ++trials;
  return trials;
}

std::string share_label(const std::string& kind, const std::vector<std::string>& names) {
  if (kind != "cpu") return fmt::format("{} {}", kind, fmt::join(names, "+"));
  std::vector<int> numbers;
  for (const auto& name : names) numbers.push_back(as_number(name).value_or(0));
  std::sort(numbers.begin(), numbers.end());
  return fmt::format("{} {}", kind, ranges(numbers));
}

ParsedLabel parse_share_label(const std::string& label) {
  ParsedLabel parsed;
  const auto space = label.find(' ');
  parsed.kind = label.substr(0, space);
  if (space == std::string::npos) return parsed;
  std::string names = label.substr(space + 1);
  const bool in_ranges = parsed.kind == "cpu";
  std::istringstream in(names);
  for (std::string name; std::getline(in, name, in_ranges ? ',' : '+');) {
    if (in_ranges) {
      append_range(name, parsed.names);
    } else if (!name.empty()) {
      parsed.names.push_back(name);
    }
  }
  return parsed;
}

}  // namespace hpo::resources
