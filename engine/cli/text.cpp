#include "engine/cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace hpo::cli {
namespace {

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Columns of glyphs from the start that fit, and how many glyphs those are.
std::size_t fitting(const std::vector<Glyph>& glyphs, int columns) {
  std::size_t count = 0;
  int used = 0;
  while (count < glyphs.size() && used + glyphs[count].width <= columns) {
    used += glyphs[count].width;
    ++count;
  }
  return count;
}

}  // namespace

int display_width(std::string_view text) {
  if (is_plain_ascii(text)) return static_cast<int>(text.size());
  int width = 0;
  for (const auto& glyph : glyphs_of(text)) width += glyph.width;
  return width;
}

std::string shortened(std::string_view text, int columns) {
  if (columns <= 0) return {};
  if (display_width(text) <= columns) return std::string(text);
  const auto glyphs = glyphs_of(text);
  std::string out;
  for (std::size_t i = 0; i < fitting(glyphs, columns - 1); ++i) out += glyphs[i].text;
  return out + "…";
}

std::string number_text(double value) { return fmt::format("{:.6g}", value); }

std::string number_text(const std::optional<double>& value) {
  return value ? number_text(*value) : "-";
}

std::string value_text(const ParameterValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{:.4g}", *number);
  return printable(to_text(value));
}

std::string assignments(const Configuration& configuration) {
  std::string text;
  for (const auto& [name, value] : configuration) {
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", printable(name), value_text(value));
  }
  return text;
}

std::string brief_reason(const Trial& trial) {
  const std::string_view reason = trial.reason;
  std::string_view line = reason.substr(0, reason.find('\n'));
  constexpr std::string_view kIntroduction = "; its last lines:";
  if (line.ends_with(kIntroduction)) line.remove_suffix(kIntroduction.size());
  return printable(line);
}

std::string values_text(const std::vector<ObjectiveSpec>& objectives, const Trial& trial) {
  std::string text;
  for (std::size_t k = 0; k < objectives.size(); ++k) {
    const auto at = trial.metrics.find(objectives[k].metric);
    const auto last = at == trial.metrics.end() ? std::nullopt : std::optional(at->second);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", printable(objectives[k].metric),
                        number_text(k == 0 ? trial.value : last));
  }
  return text;
}

std::map<std::string, double> other_metrics(const StudySpec& spec, const Trial& trial) {
  auto metrics = trial.metrics;
  for (std::size_t k = 1; k < spec.objectives.size(); ++k) metrics.erase(spec.objectives[k].metric);
  if (spec.objectives.empty()) return metrics;
  const auto at = metrics.find(spec.objectives.front().metric);
  if (at != metrics.end() && trial.value == at->second) metrics.erase(at);
  return metrics;
}

std::string counted(std::int64_t count, std::string_view noun) {
  if (count == 1) return fmt::format("1 {}", noun);
  if (noun.ends_with("y")) return fmt::format("{} {}ies", count, noun.substr(0, noun.size() - 1));
  return fmt::format("{} {}s", count, noun);
}

std::optional<double> duration_s(const Trial& trial, TimePoint now) {
  if (!trial.started_at) return std::nullopt;
  if (!trial.finished_at && trial.state != TrialState::running) return std::nullopt;
  const auto end = trial.finished_at.value_or(now);
  const std::chrono::duration<double> length = end - *trial.started_at;
  return std::max(0.0, length.count());
}

TimePoint current_time() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace hpo::cli
