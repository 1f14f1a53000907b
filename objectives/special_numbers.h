#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hpo {

/// A number as a text begins with it.
struct LeadingNumber {
  double value = 0;
  std::size_t length = 0;
  bool is_out_of_range = false;  ///< too large or too small for a double: infinite or zero
};

/// The number that `text` begins with, as std::from_chars reads it; nothing where there is none.
std::optional<LeadingNumber> leading_number(std::string_view text);

/// NaN or an infinity from its name in any case: nan, inf, infinity, with a sign or without.
std::optional<double> special_number(std::string_view name);

/// The line with what programs write for numbers that JSON or a double lacks as names in quotes:
/// the bare words NaN, Infinity and -Infinity (Python), and numbers beyond a double's range
/// (`1e999` is "Infinity"). What stands inside of strings stays as it is.
std::string with_quoted_specials(std::string_view line);

}  // namespace hpo
