#include "engine/report/binary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "objectives/base64.h"

namespace hpo::report {

static_assert(std::endian::native == std::endian::little, "columns are written as they lie");

template <class T>
std::string packed(std::span<const T> column) {
  constexpr char kKind = std::is_floating_point_v<T> ? 'f' : 'u';
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(column.data());
  return std::string{kKind, static_cast<char>('0' + sizeof(T)), ':'} +
         base64({bytes, column.size_bytes()});
}

std::string packed_values(std::span<const double> column) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  constexpr double kLeast = std::numeric_limits<float>::min();
  const bool fits = std::all_of(column.begin(), column.end(), [](double value) {
    return !std::isfinite(value) || value == 0 ||
           (std::abs(value) >= kLeast && std::abs(value) <= kLargest);
  });
  return fits ? packed<float>(std::vector<float>(column.begin(), column.end())) : packed(column);
}

template std::string packed(std::span<const std::uint8_t>);
template std::string packed(std::span<const std::uint16_t>);
template std::string packed(std::span<const std::uint32_t>);
template std::string packed(std::span<const float>);
template std::string packed(std::span<const double>);

}  // namespace hpo::report
