#pragma once

#include <string>
#include <vector>

#include "engine/cli/axis.h"

namespace hpo::cli {

/// What a point of a chart stands for; each has a character of its own, so no colour is needed.
enum class Mark { none, complete, pruned, failed, best };

struct ChartPoint {
  double x = 0;
  double y = 0;  ///< NaN: at the chart's foot
};

/// Points that belong together.
struct Series {
  std::string name = {};
  Mark mark = Mark::none;
  bool is_line = false;
  std::vector<ChartPoint> points = {};
};

struct Chart {
  std::string title = {};
  std::string x_title = {};
  Axis x = {};
  Axis y = {};
  std::vector<std::string> names = {};  ///< of x = 0, 1, ..., where they are no numbers
  std::vector<Series> series = {};      ///< later ones are drawn over earlier ones
};

/// The room and the means that a chart has.
struct ChartStyle {
  int columns = 80;
  int lines = 20;
  bool has_unicode = true;
};

/// The chart with its axes and what its marks mean, no line wider than the room.
std::vector<std::string> chart_lines(const Chart& chart, const ChartStyle& style);

/// The charts in rows of as many as fit with `least` columns each.
std::string charts_text(const std::vector<Chart>& charts, const ChartStyle& style, int least);

/// Names of the marks: `complete`, `pruned`, `failed`, `best`; `line`.
const char* to_string(Mark mark);

}  // namespace hpo::cli
