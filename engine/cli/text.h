#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/glyphs.h"
#include "objectives/study.h"

namespace hpo::cli {

using hpo::printable;

/// Columns that a printable line takes on a terminal.
int display_width(std::string_view text);

/// The printable line cut to so many columns, with `…` at its end where something is missing.
std::string shortened(std::string_view text, int columns);

/// Six significant digits: `0.842`, `1.2e-05`, `nan`, `inf`.
std::string number_text(double value);
/// The same of a value that may be absent: `-`.
std::string number_text(const std::optional<double>& value);

/// A parameter's value for people: floats with four digits, text printable.
std::string value_text(const ParameterValue& value);

/// `dropout=0.35 optimizer=adam`, in order of the names.
std::string assignments(const Configuration& configuration);

/// The first line of a trial's reason, printable; what a failed program wrote follows in others.
std::string brief_reason(const Trial& trial);

/// The trial's values with their objectives' names: `accuracy 0.9, latency_ms 12`.
std::string values_text(const std::vector<ObjectiveSpec>& objectives, const Trial& trial);

/// The metrics besides those that only repeat the trial's value under the objective's name.
std::map<std::string, double> other_metrics(const StudySpec& spec, const Trial& trial);

/// `1 trial`, `12 trials`.
std::string counted(std::int64_t count, std::string_view noun);

/// How long a trial ran, or has been running by now; nothing where it has not started.
std::optional<double> duration_s(const Trial& trial, TimePoint now);

/// Now, as the database counts time.
TimePoint current_time();

}  // namespace hpo::cli
