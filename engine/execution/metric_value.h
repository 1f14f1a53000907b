#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpo {

/// The number that a captured text means: `0.5`, `1e-3`, `nan`, `-inf`, `97.5%` (97.5), also with
/// quotes around or punctuation after it. Nothing if it does not begin with a number.
std::optional<double> metric_value(std::string_view text);

/// A metric reported as a JSON line. `step` is −1 where none (or no count) is given.
struct JsonReport {
  std::string metric = {};
  double value = 0;
  std::int64_t step = -1;
  bool operator==(const JsonReport&) const = default;
};

/// `{"metric": "...", "value": ..., "step": ...}`; nothing for any other line. The value may be a
/// number, NaN, Infinity or -Infinity as Python writes them, null (NaN in JavaScript), or a string
/// of one of these.
std::optional<JsonReport> json_report(std::string_view line);

}  // namespace hpo
