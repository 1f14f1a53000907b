#pragma once

#include <span>
#include <string>

namespace hpo::report {

/// A column of numbers as the page's data.mjs reads it: the element's type and the bytes in base64,
/// little-endian: `f4:AACAPw==`. Types: u1, u2, u4, f4, f8.
template <class T>
std::string packed(std::span<const T> column);

/// Values of an objective, which are only drawn: as f4 where it holds them all, else as f8.
std::string packed_values(std::span<const double> column);

}  // namespace hpo::report
