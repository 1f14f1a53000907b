#include "engine/config/findings.h"

#include <algorithm>
#include <climits>
#include <sstream>
#include <utility>

namespace hpo::config {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::istringstream in(text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size())
                                                         : text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

/// Characters before the byte `column` (from 1), plus one: what editors show as the column.
int character_column(const std::string& line, int column) {
  const auto end = std::min(line.size(), static_cast<std::size_t>(std::max(column, 1)) - 1);
  const auto count =
      std::count_if(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(end),
                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return static_cast<int>(count) + 1;
}

/// The file's findings by place, those without a line after them.
std::pair<int, int> order_key(const Diagnostic& d) {
  return {d.line > 0 ? d.line : INT_MAX, d.column};
}

void add_once(std::vector<Diagnostic>& list, Diagnostic d) {
  const bool is_there = std::any_of(list.begin(), list.end(), [&](const Diagnostic& other) {
    return d.message == other.message && order_key(d) == order_key(other) && d.file == other.file;
  });
  if (!is_there) list.push_back(std::move(d));
}

}  // namespace

Findings::Findings(std::string file, const std::string& text, std::vector<Override> overrides)
    : file_(std::move(file)), lines_(lines_of(text)), overrides_(std::move(overrides)) {}

void Findings::error(const Place& place, Finding finding) {
  add_once(errors_, diagnostic(place, std::move(finding)));
}

void Findings::advise(const Place& place, Finding finding) {
  add_once(advice_, diagnostic(place, std::move(finding)));
}

Diagnostic Findings::diagnostic(const Place& place, Finding finding) const {
  Diagnostic d{.message = std::move(finding.message),
               .expected = std::move(finding.expected),
               .hint = std::move(finding.hint),
               .file = file_};
  if (place.override_index >= 0) {
    const Override& set = overrides_.at(static_cast<std::size_t>(place.override_index));
    d.file = "--set " + set.key + "=" + set.value;
    return d;
  }
  if (place.line <= 0) return d;
  d.line = place.line;
  if (static_cast<std::size_t>(place.line) <= lines_.size()) {
    d.source = lines_[static_cast<std::size_t>(place.line) - 1];
  }
  d.column = character_column(d.source, place.column);
  return d;
}

std::vector<Diagnostic> Findings::in_order(std::vector<Diagnostic> list) {
  std::stable_sort(list.begin(), list.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return order_key(a) < order_key(b);
  });
  return list;
}

}  // namespace hpo::config
