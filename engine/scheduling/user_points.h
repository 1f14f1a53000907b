#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/scheduling/ledger.h"
#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/trial.h"

namespace hpo {

/// What Trial::sampler says of a configuration that the user gave.
inline constexpr const char* kUser = "user";

/// A trial that is to be made, and its entry in the store's queue where it comes from there.
struct NextTrial {
  Trial trial = {};
  std::optional<std::int64_t> queued = {};
};

/// The configurations that come before the sampler is asked: those of `strategy.initial`, then what
/// waits in the study's queue (`hpo enqueue`), oldest first.
///
/// One of the file has been tried once the study has as many trials of its configuration as the
/// list names it up to there: so each is tried, also over a resume, and one that is added to the
/// file later too.
class UserPoints {
 public:
  explicit UserPoints(std::vector<Configuration> initial) : initial_(std::move(initial)) {}

  /// The trial to make next; nothing where it is the sampler's turn. Says the same until that trial
  /// is in the ledger (Ledger::create with `queued`). Errors: the store's.
  Result<std::optional<NextTrial>> next(Ledger& ledger);

 private:
  std::vector<Configuration> initial_;
  std::size_t tried_ = 0;  ///< how many of the first ones the study has
};

}  // namespace hpo
