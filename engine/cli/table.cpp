#include "engine/cli/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cli/text.h"
#include "objectives/error.h"

namespace hpo::cli {
namespace {

constexpr int kGap = 2;
/// A cell is not cut below this.
constexpr int kNarrowest = 10;

int total(const std::vector<int>& widths) {
  int sum = -kGap;
  for (const int width : widths) sum += width >= 0 ? width + kGap : 0;
  return sum;
}

/// Takes from the widest column that may shrink until the table fits or none can give more.
void shrink(const std::vector<Column>& columns, int width, std::vector<int>& widths) {
  for (int excess = total(widths) - width; excess > 0; excess = total(widths) - width) {
    std::size_t widest = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].may_shrink || widths[i] <= kNarrowest) continue;
      if (widest == columns.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == columns.size()) return;
    widths[widest] = std::max(kNarrowest, widths[widest] - excess);
  }
}

/// Width −1: left out.
std::vector<int> fit(const std::vector<Column>& columns, const std::vector<int>& natural,
                     int width) {
  std::vector<int> kept = natural;
  while (true) {
    std::vector<int> widths = kept;
    shrink(columns, width, widths);
    if (total(widths) <= width) return widths;
    std::size_t victim = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (kept[i] < 0 || columns[i].drop == 0) continue;
      if (victim == columns.size() || columns[i].drop >= columns[victim].drop) victim = i;
    }
    if (victim == columns.size()) return widths;
    kept[victim] = -1;
  }
}

void append_cell(std::string& line, const std::string& cell, int width, Align align) {
  const std::string text = shortened(cell, width);
  const auto blanks = static_cast<std::size_t>(std::max(0, width - display_width(text)));
  if (align == Align::right) line.append(blanks, ' ');
  line += text;
  if (align == Align::left) line.append(blanks, ' ');
}

void append_line(std::string& out, const std::vector<std::string>& cells,
                 const std::vector<Column>& columns, const std::vector<int>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] < 0) continue;
    if (!line.empty()) line.append(kGap, ' ');
    append_cell(line, cells[i], widths[i], columns[i].align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

/// The words of `text` in lines of at most `columns`, all but the first behind `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent, int columns) {
  std::string out;
  int used = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin + 1), text.size());
    const std::string word = text.substr(begin, end - begin);  // with the blank before it
    const int width = display_width(word);
    if (used > 0 && used + width > columns) {
      out += "\n" + std::string(indent, ' ') + word.substr(word.front() == ' ' ? 1 : 0);
      used = width - 1;
    } else {
      out += word;
      used += width;
    }
    begin = end;
  }
  return out;
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  check(cells.size() == columns_.size(), "a table row has one cell for each column");
  rows_.push_back(std::move(cells));
}

std::string Table::text(int width) const {
  std::vector<int> natural;
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    titles.push_back(columns_[i].title);
    int widest = 0;
    for (const auto& row : rows_) widest = std::max(widest, display_width(row[i]));
    // A column that may be left out and says nothing is.
    const bool is_silent = widest == 0 && columns_[i].drop > 0 && !columns_[i].keeps_empty;
    natural.push_back(is_silent ? -1 : std::max(widest, display_width(columns_[i].title)));
  }
  const std::vector<int> widths = fit(columns_, natural, width);
  std::string out;
  append_line(out, titles, columns_, widths);
  for (const auto& row : rows_) append_line(out, row, columns_, widths);
  std::vector<std::string> hidden;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (widths[i] < 0 && natural[i] >= 0) hidden.push_back(columns_[i].title);
  }
  if (hidden.empty()) return out;
  return out + shortened(fmt::format("(no room for {})", fmt::join(hidden, ", ")), width) + "\n";
}

std::string fields_text(const std::vector<std::pair<std::string, std::string>>& fields, int width) {
  std::size_t widest = 0;
  for (const auto& [name, value] : fields) {
    if (!value.empty()) widest = std::max(widest, static_cast<std::size_t>(display_width(name)));
  }
  std::string out;
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    const std::size_t indent = widest + kGap;
    const auto blanks = indent - static_cast<std::size_t>(display_width(name));
    out += name + std::string(blanks, ' ') +
           wrapped(value, indent, std::max(kNarrowest, width - static_cast<int>(indent))) + "\n";
  }
  return out;
}

}  // namespace hpo::cli
