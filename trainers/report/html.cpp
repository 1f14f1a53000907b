#include "trainers/report/html.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cmath>

#include "objectives/glyphs.h"

namespace hpo {

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string data_url(std::string_view type, std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with a 0
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return fmt::format("data:{};base64,{}", type, text);
}

std::string class_text(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t dot = name.find('.');
  if (dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() &&
      std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(dot), is_digit)) {
    name.remove_prefix(dot + 1);
  }
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return html_text(text);
}

std::string percent(double share) {
  if (share == 0 || share == 1) return fmt::format("{:.0f} %", 100 * share);
  return fmt::format("{:.1f} %", 100 * share);
}

}  // namespace hpo
