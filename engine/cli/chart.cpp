#include "engine/cli/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "engine/cli/canvas.h"
#include "engine/cli/text.h"

namespace hpo::cli {
namespace {

constexpr int kOtherLines = 4;  ///< title, axis, its numbers, what the marks mean
constexpr int kFewestRows = 3;
constexpr int kTickRows = 4;      ///< from one number of the vertical axis to the next
constexpr int kTickColumns = 10;  ///< and of the horizontal one

std::string character(Mark mark, bool has_unicode) {
  switch (mark) {
    case Mark::none:
      return has_unicode ? "⠒" : ".";
    case Mark::complete:
      return has_unicode ? "•" : "o";
    case Mark::pruned:
      return has_unicode ? "▽" : "v";
    case Mark::failed:
      return has_unicode ? "×" : "x";
    case Mark::best:
      return has_unicode ? "★" : "*";
  }
  return {};
}

std::string blanks(int count) {
  return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

/// shortened, without its ellipsis where the terminal has none.
std::string cut(const std::string& line, const ChartStyle& style) {
  std::string text = shortened(line, style.columns);
  constexpr std::string_view kEllipsis = "…";
  if (style.has_unicode || text == line || !text.ends_with(kEllipsis)) return text;
  text.resize(text.size() - kEllipsis.size());
  return text + "~";
}

void draw(const Series& series, const Chart& chart, bool has_unicode, Canvas& canvas) {
  ChartPoint last;
  bool has_last = false;
  for (const auto& point : series.points) {
    const auto x = chart.x.at(point.x);
    const auto y = std::isnan(point.y) ? std::optional(0.0) : chart.y.at(point.y);
    if (!x || !y) {
      has_last = false;
      continue;
    }
    if (series.is_line && has_last) canvas.line(last.x, last.y, *x, *y);
    last = {.x = *x, .y = *y};
    has_last = true;
    if (series.mark != Mark::none) canvas.mark(*x, *y, character(series.mark, has_unicode));
  }
}

/// Text before each row of the drawing: a number where one belongs, then the axis.
std::vector<std::string> left_margin(const Chart& chart, int rows, bool has_unicode) {
  std::vector<std::string> labels(static_cast<std::size_t>(rows));
  for (const double tick : chart.y.ticks(std::max(2, rows / kTickRows + 1))) {
    const auto at = chart.y.at(tick);
    if (!at) continue;
    const auto row = static_cast<std::size_t>(std::lround((1 - *at) * (rows - 1)));
    labels[row] = number_text(tick);
  }
  int widest = 0;
  for (const auto& label : labels) widest = std::max(widest, display_width(label));
  for (auto& label : labels) {
    const bool is_tick = !label.empty();
    label = blanks(widest - display_width(label)) + label;
    label += has_unicode ? (is_tick ? " ┤" : " │") : (is_tick ? " +" : " |");
  }
  return labels;
}

struct Tick {
  int column = 0;
  std::string text = {};
};

std::vector<Tick> x_ticks(const Chart& chart, int columns) {
  std::vector<Tick> ticks;
  const auto add = [&](double value, const std::string& text) {
    const auto at = chart.x.at(value);
    if (at) ticks.push_back({static_cast<int>(std::lround(*at * (columns - 1))), text});
  };
  for (std::size_t k = 0; k < chart.names.size(); ++k) {
    const int room = columns / static_cast<int>(chart.names.size()) - 1;
    add(static_cast<double>(k), shortened(printable(chart.names[k]), std::max(1, room)));
  }
  if (!chart.names.empty()) return ticks;
  for (const double tick : chart.x.ticks(std::max(2, columns / kTickColumns))) {
    add(tick, number_text(tick));
  }
  return ticks;
}

/// The horizontal axis and its numbers, where these do not touch.
void append_x_axis(const Chart& chart, int margin, int columns, bool has_unicode,
                   std::vector<std::string>& lines) {
  std::vector<std::string> axis(static_cast<std::size_t>(columns), has_unicode ? "─" : "-");
  std::string numbers = blanks(margin);
  int used = 0;
  for (const auto& tick : x_ticks(chart, columns)) {
    const int width = display_width(tick.text);
    const int begin =
        std::clamp(margin + tick.column - width / 2, 0, std::max(0, margin + columns - width));
    used = display_width(numbers);
    if (used > margin && begin < used + 1) continue;
    if (begin < used) numbers.erase(static_cast<std::size_t>(begin));
    numbers += blanks(begin - display_width(numbers)) + tick.text;
    axis[static_cast<std::size_t>(tick.column)] = has_unicode ? "┬" : "+";
  }
  std::string line = blanks(margin - 1) + (has_unicode ? "└" : "+");
  for (const auto& cell : axis) line += cell;
  lines.push_back(std::move(line));
  lines.push_back(std::move(numbers));
}

std::string foot(const Chart& chart, bool has_unicode, bool names_complete) {
  std::string text = chart.x_title;
  for (const auto& series : chart.series) {
    const bool is_skipped = series.mark == Mark::complete && !names_complete;
    if (series.points.empty() || series.name.empty() || is_skipped) continue;
    text += (text.empty() ? "" : "  ") + character(series.mark, has_unicode) + " " + series.name;
  }
  return text;
}

/// `lr (log)  • complete  × failed`; where that is too long without the mark that needs no words.
std::string foot(const Chart& chart, const ChartStyle& style) {
  std::string text = foot(chart, style.has_unicode, true);
  return display_width(text) <= style.columns ? text : foot(chart, style.has_unicode, false);
}

}  // namespace

const char* to_string(Mark mark) {
  switch (mark) {
    case Mark::none:
      return "line";
    case Mark::complete:
      return "complete";
    case Mark::pruned:
      return "pruned";
    case Mark::failed:
      return "failed";
    case Mark::best:
      return "best";
  }
  return "";
}

std::vector<std::string> chart_lines(const Chart& chart, const ChartStyle& style) {
  const int rows = std::max(kFewestRows, style.lines - kOtherLines);
  const auto margins = left_margin(chart, rows, style.has_unicode);
  const int margin = display_width(margins.front());
  const int columns = std::max(1, style.columns - margin);
  Canvas canvas(columns, rows, style.has_unicode);
  for (const auto& series : chart.series) draw(series, chart, style.has_unicode, canvas);
  std::vector<std::string> lines = {chart.title};
  for (int row = 0; row < rows; ++row) {
    lines.push_back(margins[static_cast<std::size_t>(row)] + canvas.row(row));
  }
  append_x_axis(chart, margin, columns, style.has_unicode, lines);
  lines.push_back(foot(chart, style));
  for (auto& line : lines) line = cut(line, style);
  return lines;
}

std::string charts_text(const std::vector<Chart>& charts, const ChartStyle& style, int least) {
  constexpr int kGap = 3;
  const int fit = std::max(1, (style.columns + kGap) / (least + kGap));
  const int across = std::min(fit, std::max(1, static_cast<int>(charts.size())));
  ChartStyle each = style;
  each.columns = (style.columns - (across - 1) * kGap) / across;
  std::string text;
  for (std::size_t first = 0; first < charts.size(); first += static_cast<std::size_t>(across)) {
    std::vector<std::string> rows;
    for (int k = 0; k < across && first + static_cast<std::size_t>(k) < charts.size(); ++k) {
      const auto lines = chart_lines(charts[first + static_cast<std::size_t>(k)], each);
      rows.resize(lines.size());
      for (std::size_t i = 0; i < lines.size(); ++i) {
        const int begin = k * (each.columns + kGap);
        rows[i] += blanks(begin - display_width(rows[i])) + lines[i];
      }
    }
    if (first > 0) text += "\n";
    for (auto& row : rows) text += row.erase(row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace hpo::cli
