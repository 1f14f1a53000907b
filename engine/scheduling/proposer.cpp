#include "engine/scheduling/proposer.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "objectives/seed.h"

namespace hpo {
namespace {

namespace asio = boost::asio;

Result<Suggestion> suggest(Sampler& sampler, const Study& seen, std::uint64_t seed) {
  try {
    return sampler.suggest(seen, seed);
  } catch (const std::exception& failure) {
    return Error{.code = ErrorCode::numerical,
                 .message = fmt::format("no configuration could be suggested: {}", failure.what())};
  }
}

// Runs on the worker thread, with a study of its own.
asio::awaitable<Result<Trial>> propose_on(Sampler& sampler, std::string strategy, Study seen) {
  co_return propose_next(sampler, strategy, seen);
}

}  // namespace

struct Proposer::Worker {
  asio::thread_pool thread{1};
};

Proposer::Proposer(Sampler& sampler, std::string strategy)
    : sampler_(sampler), strategy_(std::move(strategy)), worker_(std::make_unique<Worker>()) {}

Proposer::~Proposer() = default;

asio::awaitable<Result<Trial>> Proposer::propose(const Ledger& ledger) {
  auto work = propose_on(sampler_, strategy_, ledger.snapshot());
  auto operation =
      asio::co_spawn(worker_->thread.get_executor(), std::move(work), asio::use_awaitable);
  co_return co_await std::move(operation);
}

Result<Trial> propose_next(Sampler& sampler, const std::string& strategy, const Study& seen) {
  Trial trial{.number = static_cast<std::int64_t>(seen.trials.size()),
              .sampler = strategy,
              .seen = seen.last_event};
  trial.seed = mix_seed(seen.spec.seed, static_cast<std::uint64_t>(trial.number));
  auto suggestion = suggest(sampler, seen, trial.seed);
  if (!suggestion) return suggestion.error();
  trial.configuration = std::move(suggestion->configuration);
  trial.model = std::move(suggestion->model);
  trial.budget = suggestion->budget;
  trial.continues = suggestion->continues_trial;
  return trial;
}

}  // namespace hpo
