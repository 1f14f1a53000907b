#include "engine/warm_start.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/prior_results.h"
#include "storage/study_store.h"

namespace hpo {
namespace {

const PriorStudy* known_source(const Study* stored, const WarmStartSpec& spec) {
  if (stored == nullptr) return nullptr;
  for (const auto& use : stored->prior) {
    const PriorStudy& source = *use.source;
    const bool is_same = source.study == spec.study && source.storage == spec.storage &&
                         source.asked == spec.relation;
    if (is_same && !use.until_event) return &source;
  }
  return nullptr;
}

Result<PriorStudy> read(const TuningConfig& config, const WarmStartSpec& spec) {
  auto reader = make_sqlite_reader(spec.file);
  if (!reader) return reader.error();
  const auto other = (*reader)->load(spec.study);
  if (!other) return other.error();
  auto prior = prior_study(config, spec, *other);
  if (prior) return prior;
  Error error = prior.error();
  error.message = fmt::format("study {}: {}", spec.study, error.message);
  return error;
}

bool is_users_fault(ErrorCode code) {
  return code == ErrorCode::usage || code == ErrorCode::not_found;
}

}  // namespace

WarmStart read_warm_start(const TuningConfig& config, const Study* stored) {
  WarmStart found;
  for (const auto& spec : config.strategy.warm_start) {
    if (const auto* known = known_source(stored, spec)) {
      found.sources.push_back(*known);
      continue;
    }
    auto source = read(config, spec);
    if (source) {
      found.sources.push_back(std::move(*source));
      continue;
    }
    const Error& error = source.error();
    if (!is_users_fault(error.code)) {
      found.fault = {.code = error.code,
                     .message = fmt::format("{}: {}", spec.place.message, error.message),
                     .hint = error.hint};
      return found;
    }
    Diagnostic diagnostic = spec.place;
    diagnostic.message = fmt::format("{}: {}", spec.place.message, error.message);
    diagnostic.hint = error.hint;
    found.errors.push_back(std::move(diagnostic));
  }
  return found;
}

std::vector<std::string> warm_start_lines(const std::vector<PriorStudy>& sources) {
  std::vector<std::string> lines;
  for (const auto& source : sources) {
    std::string line = fmt::format("{} result{} of {} study {} ({})", source.results.size(),
                                   source.results.size() == 1 ? "" : "s",
                                   to_string(source.relation), source.study, source.because);
    std::vector<std::string> reasons;
    for (const auto& [reason, count] : source.left_out) {
      reasons.push_back(fmt::format("{} ({})", count, reason));
    }
    if (!reasons.empty()) line += fmt::format("; left out: {}", fmt::join(reasons, ", "));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace hpo
