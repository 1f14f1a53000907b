#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hpo {

/// The text as HTML shows it, in elements and in quoted attributes. Control characters and bytes
/// that are not UTF-8 are spelled out, so the page is valid whatever a file is called.
std::string html_text(std::string_view text);

/// The bytes as a URL: `data:<type>;base64,...`.
std::string data_url(std::string_view type, std::span<const std::uint8_t> bytes);

/// A class folder's name for people: `013.Red_winged_Blackbird` → `Red winged Blackbird`, escaped.
std::string class_text(std::string_view name);

/// The share as a percentage with one decimal, none where it is 0 or 100: `87.5 %`.
std::string percent(double share);

}  // namespace hpo
