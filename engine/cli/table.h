#pragma once

#include <string>
#include <utility>
#include <vector>

namespace hpo::cli {

enum class Align { left, right };

/// A column of a table.
struct Column {
  std::string title = {};
  Align align = Align::left;
  int drop = 0;  ///< left out where the window is too narrow, largest first, and where it is empty;
                 ///< 0: never
  bool may_shrink = false;   ///< long cells are cut before a column is left out
  bool keeps_empty = false;  ///< stays where every cell is empty
};

/// Rows of text in aligned columns.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// As many printable cells as there are columns.
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool is_empty() const { return rows_.empty(); }

  /// The table in at most `width` columns where that is possible: cells are cut, then columns left
  /// out; a last line names those. Every line ends with a line break and without blanks.
  [[nodiscard]] std::string text(int width) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// `name  value` lines with the values below each other, wrapped at blanks where a line would be
/// wider than `width`; pairs with an empty value are left out.
std::string fields_text(const std::vector<std::pair<std::string, std::string>>& fields, int width);

}  // namespace hpo::cli
