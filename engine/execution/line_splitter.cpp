#include "engine/execution/line_splitter.h"

#include <algorithm>

namespace hpo {

void LineSplitter::feed(std::string_view bytes, const LineFn& on_line) {
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    append(bytes.substr(0, newline));
    if (newline == std::string_view::npos) return;
    end_line(on_line);
    bytes.remove_prefix(newline + 1);
  }
}

void LineSplitter::finish(const LineFn& on_line) {
  if (is_begun_) end_line(on_line);
}

void LineSplitter::append(std::string_view part) {
  if (part.empty()) return;
  is_begun_ = true;
  const bool ends_with_return = part.back() == '\r';
  while (!part.empty() && part.back() == '\r') part.remove_suffix(1);
  if (!part.empty()) {
    const auto last_return = part.rfind('\r');
    if (after_return_ || last_return != std::string_view::npos) line_.clear();
    if (last_return != std::string_view::npos) part.remove_prefix(last_return + 1);
    line_ += part.substr(0, kLongestLine - line_.size());
    after_return_ = false;
  }
  after_return_ = after_return_ || ends_with_return;
}

void LineSplitter::end_line(const LineFn& on_line) {
  on_line(line_);
  line_.clear();
  is_begun_ = after_return_ = false;
}

}  // namespace hpo
