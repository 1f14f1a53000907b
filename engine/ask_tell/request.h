#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/trial.h"

// What a line of `hpo ask-tell` asks for.

namespace hpo {

/// Bytes of a line that is read; a longer one is refused.
inline constexpr std::size_t kLongestRequest = 65'535;

/// `{"op":"ask"}`, `{"op":"ask","count":3}`.
struct AskRequest {
  static constexpr std::int64_t kMost = 100'000;
  std::int64_t count = 1;
};

/// `{"op":"tell","number":0,"value":0.31}`; an object of metrics as the value; or a state.
struct TellRequest {
  std::int64_t number = 0;
  TrialState state = TrialState::complete;  ///< complete, pruned or failed
  std::map<std::string, double> metrics = {};
  std::string reason = {};
};

/// `{"op":"report","number":2,"step":3,"value":0.5}`.
struct ReportRequest {
  std::int64_t number = 0;
  std::int64_t step = 0;
  std::map<std::string, double> metrics = {};
};

/// `{"op":"best"}`.
struct BestRequest {};

/// `{"op":"pending"}`.
struct PendingRequest {};

/// `{"op":"enqueue","parameters":{"lr":0.01}}`.
struct EnqueueRequest {
  Configuration parameters = {};
};

using Request = std::variant<AskRequest, TellRequest, ReportRequest, BestRequest, PendingRequest,
                             EnqueueRequest>;

/// Reads one line, whatever it holds. A value that is a number belongs to `metric`, the objective.
/// NaN and the infinities are taken as JSON strings ("nan", "Infinity") and as the bare words that
/// Python writes. Error: usage, with what is wrong.
Result<Request> parse_request(std::string_view line, const std::string& metric);

}  // namespace hpo
