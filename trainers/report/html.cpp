#include "trainers/report/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "objectives/base64.h"
#include "objectives/glyphs.h"
#include "objectives/plain_text.h"
#include "trainers/images/photo_source.h"

namespace hpo {

std::string html_text(std::string_view text) { return escape_markup(printable(text)); }

std::string data_url(std::string_view type, std::span<const std::uint8_t> bytes) {
  return fmt::format("data:{};base64,{}", type, base64(bytes));
}

std::string class_text(std::string_view name) {
  std::string text = without_number(std::string(name));
  std::replace(text.begin(), text.end(), '_', ' ');
  return html_text(text);
}

std::string percent(double share) {
  if (share == 0 || share == 1) return fmt::format("{:.0f} %", 100 * share);
  return fmt::format("{:.1f} %", 100 * share);
}

}  // namespace hpo
