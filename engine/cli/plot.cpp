// hpo plot: a study drawn in the terminal.

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bayesopt/importance.h"
#include "engine/cli/model_text.h"
#include "engine/cli/study_access.h"
#include "engine/cli/study_charts.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_fields.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/verbs.h"
#include "objectives/csv.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

const std::vector<std::string> kKinds = {"history", "curves", "slice", "importance"};
constexpr int kUsualColumns = 80;  ///< where no window says
constexpr int kUsualLines = 20;
constexpr int kSliceLines = 14;    ///< several are seen at once
constexpr int kSliceColumns = 60;  ///< from twice as many on two lie beside each other
constexpr int kWidestBar = 60;

bool is_kind(const std::string& word) {
  return std::find(kKinds.begin(), kKinds.end(), word) != kKinds.end();
}

/// What `[STUDY] KIND [PARAMETER...]` names.
struct Wanted {
  std::string study = {};
  std::string kind = {};
  std::vector<std::string> parameters = {};
};

/// A study may be called like a kind: then two such words stand first.
Result<Wanted> wanted_from(const std::vector<std::string>& words) {
  const bool has_study = words.size() > 1 && (is_kind(words[1]) || !is_kind(words[0]));
  const std::size_t at = has_study ? 1 : 0;
  if (words.size() <= at) {
    return Error{.message = "what is to be drawn?",
                 .hint = "hpo plot [STUDY] history, curves, slice or importance"};
  }
  if (!is_kind(words[at])) return unknown_word("plot", words[at], kKinds);
  Wanted wanted{.study = has_study ? words[0] : "", .kind = words[at]};
  wanted.parameters.assign(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
  if (wanted.kind == "slice" || wanted.parameters.empty()) return wanted;
  return Error{.message = fmt::format("unexpected word \"{}\"", printable(wanted.parameters[0])),
               .hint = "only slice takes parameters"};
}

ChartStyle style_of(const PlotArgs& args, int usual_lines) {
  const bool has_window = isatty(STDOUT_FILENO) == 1;
  // One line less than the window for the prompt, one for the next command.
  const int room = has_window ? terminal_height(STDOUT_FILENO) - 2 : usual_lines;
  return {
      .columns = args.width.value_or(has_window ? terminal_width(STDOUT_FILENO) : kUsualColumns),
      .lines = args.height.value_or(std::clamp(room, 7, usual_lines)),
      .has_unicode = draws_unicode(STDOUT_FILENO)};
}

ordered_json charts_json(const std::vector<Chart>& charts) {
  ordered_json list = ordered_json::array();
  for (const auto& chart : charts) {
    ordered_json series = ordered_json::array();
    for (const auto& of : chart.series) {
      ordered_json points = ordered_json::array();
      for (const auto& point : of.points) {
        ordered_json x = chart.names.empty()
                             ? number_json(point.x)
                             : ordered_json(chart.names[static_cast<std::size_t>(point.x)]);
        points.push_back(ordered_json::array({std::move(x), number_json(point.y)}));
      }
      series.push_back({{"name", of.name}, {"mark", to_string(of.mark)}, {"points", points}});
    }
    list.push_back({{"title", chart.title}, {"x", chart.x_title}, {"series", series}});
  }
  return list;
}

void print_charts_csv(const std::vector<Chart>& charts) {
  print("chart,series,mark,x,y\n");
  for (const auto& chart : charts) {
    for (const auto& of : chart.series) {
      for (const auto& point : of.points) {
        const std::string x = chart.names.empty() ? to_text(ParameterValue(point.x))
                                                  : chart.names[static_cast<std::size_t>(point.x)];
        print(csv_line({chart.x_title, of.name, to_string(of.mark), x,
                        std::isnan(point.y) ? "" : to_text(ParameterValue(point.y))}));
      }
    }
  }
}

/// A bar of the share's value, its 90 % interval as a thinner one behind it.
std::string bar(const VarianceShare& share, int columns, bool has_unicode) {
  std::string text;
  for (int k = 0; k < columns; ++k) {
    const double middle = (k + 0.5) / columns;
    const bool is_within = middle >= share.low && middle <= share.high;
    if (middle <= share.value) {
      text += has_unicode ? "█" : "#";
    } else if (is_within) {
      text += has_unicode ? "─" : "-";
    } else {
      text += ' ';
    }
  }
  return text;
}

std::string importance_text(const Study& study, const Importance& importance,
                            const ChartStyle& style) {
  int widest = 0;
  for (const auto& p : importance.parameters) {
    widest = std::max(widest, display_width(printable(p.name)));
  }
  widest = std::min(widest, style.columns / 3);
  constexpr int kNumbers = 16;  // ` 100 % (99-100)`
  const int room = std::clamp(style.columns - widest - 1 - kNumbers, 4, kWidestBar);
  std::string text =
      shortened(fmt::format("importance in {}, 90 % interval", printable(study.spec.name)),
                style.columns) +
      "\n";
  for (const auto& p : importance.parameters) {
    const std::string name = shortened(printable(p.name), widest);
    text += name + std::string(static_cast<std::size_t>(widest - display_width(name) + 1), ' ') +
            bar(p.total, room, style.has_unicode) +
            fmt::format(" {} ({:.0f}-{:.0f})\n", percent_text(p.total.value), 100 * p.total.low,
                        100 * p.total.high);
  }
  return text;
}

int plot_importance(const LoadedStudy& loaded, const PlotArgs& args) {
  // The verb of that name has the same numbers as JSON and CSV.
  if (args.look.format != Format::table) {
    return run_importance({.of = {.look = args.look, .study = loaded.name()}});
  }
  const auto model = StudyModel::of(loaded.study());
  if (!model) {
    fail(model.error(), args.look.format);
    return kNothingUsable;
  }
  print(importance_text(loaded.study(), importance_of(*model), style_of(args, kUsualLines)));
  suggest(args.look.format, "hpo importance" + study_flags(loaded.file, loaded.name()));
  return kDone;
}

Result<std::vector<Chart>> charts_of(const LoadedStudy& loaded, const Wanted& wanted) {
  if (wanted.kind == "slice") return slice_charts(loaded.study(), wanted.parameters);
  if (wanted.kind == "history") return std::vector<Chart>{history_chart(loaded.study())};
  auto curves = curves_chart(loaded);
  if (!curves) return curves.error();
  return std::vector<Chart>{std::move(*curves)};
}

}  // namespace

int run_plot(const PlotArgs& args) {
  const Format format = args.look.format;
  const auto wanted = wanted_from(args.words);
  if (!wanted) return fail(wanted.error(), format);
  const auto loaded = load_study(args.look.storage, wanted->study);
  if (!loaded) return fail(loaded.error(), format);
  if (wanted->kind == "importance") return plot_importance(*loaded, args);
  const auto charts = charts_of(*loaded, *wanted);
  if (!charts) {
    const int code = fail(charts.error(), format);
    return charts.error().code == ErrorCode::not_found ? int{kNothingUsable} : code;
  }
  if (loaded->study().trials.empty()) note("no trial yet");
  const bool is_slice = wanted->kind == "slice";
  switch (format) {
    case Format::json:
      print_json(charts_json(*charts));
      break;
    case Format::csv:
      print_charts_csv(*charts);
      break;
    case Format::table: {
      const auto style = style_of(args, is_slice ? kSliceLines : kUsualLines);
      print(charts_text(*charts, style, is_slice ? kSliceColumns : style.columns));
      suggest(format, "hpo trials" + study_flags(loaded->file, loaded->name()) + " --top 5");
    }
  }
  return kDone;
}

}  // namespace hpo::cli
