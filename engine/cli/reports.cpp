#include "engine/cli/reports.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/duration_text.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShown = 12;

std::vector<std::string> cells_of(const Measurement& report, const Trial& trial) {
  std::vector<std::string> cells = {std::to_string(report.step), duration_text(report.elapsed_s)};
  for (const auto& [name, last] : trial.metrics) {
    const auto at = report.metrics.find(name);
    cells.push_back(at == report.metrics.end() ? "" : number_text(at->second));
  }
  return cells;
}

}  // namespace

std::vector<Measurement> by_step(const std::vector<Measurement>& measurements) {
  std::vector<Measurement> rows;
  for (const auto& m : measurements) {
    if (rows.empty() || rows.back().attempt != m.attempt || rows.back().step != m.step) {
      rows.push_back(m);
      continue;
    }
    rows.back().metrics.insert(m.metrics.begin(), m.metrics.end());
    rows.back().elapsed_s = std::max(rows.back().elapsed_s, m.elapsed_s);
  }
  return rows;
}

std::string reports_text(const std::vector<Measurement>& reports, const Trial& trial) {
  std::vector<Measurement> own;
  for (const auto& m : reports) {
    if (m.attempt == trial.attempt) own.push_back(m);
  }
  if (own.size() < 2) return {};
  std::vector<Column> columns = {{.title = "step", .align = Align::right},
                                 {.title = "after", .align = Align::right}};
  int drop = 1;
  for (const auto& [name, value] : trial.metrics) {
    columns.push_back({.title = printable(name), .align = Align::right, .drop = drop++});
  }
  Table table(std::move(columns));
  const std::size_t first = own.size() > kShown ? own.size() - kShown : 0;
  for (std::size_t i = first; i < own.size(); ++i) table.add(cells_of(own[i], trial));
  const std::string title =
      first > 0 ? fmt::format("\nlast {} of {} reports\n", kShown, own.size()) : "\n";
  return title + table.text(terminal_width(STDOUT_FILENO));
}

ordered_json reports_json(const std::vector<Measurement>& reports) {
  ordered_json list = ordered_json::array();
  for (const auto& m : reports) {
    ordered_json metrics = ordered_json::object();
    for (const auto& [name, value] : m.metrics) metrics[name] = number_json(value);
    list.push_back({{"attempt", m.attempt},
                    {"step", m.step},
                    {"elapsed_s", m.elapsed_s},
                    {"metrics", std::move(metrics)}});
  }
  return list;
}

}  // namespace hpo::cli
