#pragma once

#include <string>
#include <string_view>

namespace hpo {

/// The text with ASCII letters in lower case.
std::string lower(std::string_view text);

/// The text without the blanks at its ends, which must live as long.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n");

/// The text as HTML and XML show it, in elements and in quoted attributes.
std::string escape_markup(std::string_view text);

}  // namespace hpo
