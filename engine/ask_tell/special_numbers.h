#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hpo {

/// NaN or an infinity from its name in any case: nan, inf, infinity, with a sign or without.
std::optional<double> special_number(std::string_view name);

/// The line with the bare words NaN, Infinity and -Infinity, which JSON lacks but Python writes,
/// in quotes. Words inside of strings stay as they are.
std::string with_quoted_specials(std::string_view line);

}  // namespace hpo
