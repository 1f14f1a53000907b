#include "objectives/glyphs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hpo {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Drawn over the character before them (combining marks, joiners, variation selectors).
constexpr std::array kZeroWidth = {Range{0x300, 0x36F}, Range{0x200B, 0x200F},
                                   Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                                   Range{0xFEFF, 0xFEFF}};
/// East Asian wide characters and emoji, the blocks of Unicode's EastAsianWidth.txt in outline.
constexpr std::array kDoubleWidth = {
    Range{0x1100, 0x115F},   Range{0x2E80, 0xA4CF},  Range{0xAC00, 0xD7A3}, Range{0xF900, 0xFAFF},
    Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},  Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1F64F},
    Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t c) {
  for (const auto& range : ranges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

int width_of(char32_t c) {
  if (is_in(kZeroWidth, c)) return 0;
  return is_in(kDoubleWidth, c) ? 2 : 1;
}

/// Characters that move the cursor, switch modes or reorder the text around them.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

/// Bytes of the character that begins with `lead`; 0 where none does.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

/// The character at the start of `text` with its bytes; length 0 where that is not UTF-8.
std::pair<char32_t, std::size_t> decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = length_of(lead);
  if (length <= 1) return {lead, length};
  if (length > text.size()) return {lead, 0};
  char32_t c = lead & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    const auto next = static_cast<unsigned char>(text[k]);
    if ((next & 0xC0U) != 0x80) return {lead, 0};
    c = (c << 6U) | (next & 0x3FU);
  }
  const bool is_overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
  return {c, is_overlong || is_surrogate || c > 0x10FFFF ? 0 : length};
}

}  // namespace

std::vector<Glyph> glyphs_of(std::string_view line) {
  std::vector<Glyph> glyphs;
  glyphs.reserve(line.size());
  while (!line.empty()) {
    const auto [c, length] = decode(line);
    const std::size_t bytes = std::max<std::size_t>(length, 1);
    const bool is_shown = length > 0 && !is_control(c);
    const bool is_tab = c == '\t';
    glyphs.push_back({.text = is_shown ? std::string(line.substr(0, bytes))
                              : is_tab ? " "
                                       : "?",
                      .width = is_shown ? width_of(c) : 1,
                      .bytes = static_cast<int>(bytes),
                      .is_control = !is_shown && !is_tab});
    line.remove_prefix(bytes);
  }
  return glyphs;
}

std::string printable(std::string_view text) {
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7F; };
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string out;
  for (const auto& glyph : glyphs_of(text)) {
    const auto bytes = static_cast<std::size_t>(glyph.bytes);
    if (!glyph.is_control) out += glyph.text;
    for (std::size_t i = 0; glyph.is_control && i < bytes; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      out += byte == '\n' ? "\\n" : fmt::format("\\x{:02x}", byte);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

std::string tame(std::string_view text) {
  const auto colour_length = [](std::string_view at) -> std::size_t {
    if (!at.starts_with("\x1b[")) return 0;
    const auto end = at.find_first_not_of("0123456789;", 2);
    return end != std::string_view::npos && at[end] == 'm' ? end + 1 : 0;
  };
  std::string out;
  while (!text.empty()) {
    const auto plain = std::find_if(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    const auto length = static_cast<std::size_t>(plain - text.begin());
    out += text.substr(0, length);
    text.remove_prefix(length);
    if (text.empty()) break;
    const std::size_t colour = colour_length(text);
    const bool is_harmless = text[0] == '\n' || text[0] == '\t' || text[0] == '\r';
    const std::size_t taken = std::max<std::size_t>(colour, 1);
    out += colour > 0 || is_harmless
               ? std::string(text.substr(0, taken))
               : fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    text.remove_prefix(taken);
  }
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    out += printable(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace hpo
