#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "bayesopt/sampler.h"
#include "engine/scheduling/ledger.h"
#include "objectives/error.h"
#include "objectives/trial.h"

namespace hpo {

/// The trial that comes next after what is seen: its number, seed and what the sampler says, asked
/// on the caller's thread. `strategy`: the sampler's name, which the trial carries. Errors: the
/// sampler's.
Result<Trial> propose_next(Sampler& sampler, const std::string& strategy, const Study& seen);

/// Asks the sampler for new trials, on a worker thread of its own, so that a long computation never
/// keeps the engine from watching trials.
class Proposer {
 public:
  /// `strategy`: the sampler's name, which its trials carry.
  Proposer(Sampler& sampler, std::string strategy);
  ~Proposer();
  Proposer(const Proposer&) = delete;
  Proposer& operator=(const Proposer&) = delete;

  /// The trial that comes next, as chosen from what the ledger holds at the call; what happens
  /// meanwhile is not seen. One call at a time. Errors: the sampler's.
  boost::asio::awaitable<Result<Trial>> propose(const Ledger& ledger);

 private:
  struct Worker;
  Sampler& sampler_;
  std::string strategy_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace hpo
