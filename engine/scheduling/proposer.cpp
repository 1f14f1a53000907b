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

// Runs on the worker thread, with a study of its own.
asio::awaitable<Result<Suggestion>> suggest_on(Sampler& sampler, Study study, std::uint64_t seed) {
  try {
    co_return sampler.suggest(study, seed);
  } catch (const std::exception& failure) {
    co_return Error{
        .code = ErrorCode::numerical,
        .message = fmt::format("no configuration could be suggested: {}", failure.what())};
  }
}

}  // namespace

struct Proposer::Worker {
  asio::thread_pool thread{1};
};

Proposer::Proposer(Sampler& sampler, std::string strategy)
    : sampler_(sampler), strategy_(std::move(strategy)), worker_(std::make_unique<Worker>()) {}

Proposer::~Proposer() = default;

asio::awaitable<Result<Trial>> Proposer::propose(const Ledger& ledger) {
  const Study& study = ledger.study();
  Trial trial{.number = static_cast<std::int64_t>(study.trials.size()),
              .sampler = strategy_,
              .seen = study.last_event};
  trial.seed = mix_seed(study.spec.seed, static_cast<std::uint64_t>(trial.number));
  auto work = suggest_on(sampler_, ledger.snapshot(), trial.seed);
  auto operation =
      asio::co_spawn(worker_->thread.get_executor(), std::move(work), asio::use_awaitable);
  Result<Suggestion> suggestion = co_await std::move(operation);
  if (!suggestion) co_return suggestion.error();
  trial.configuration = std::move(suggestion->configuration);
  trial.model = std::move(suggestion->model);
  trial.budget = suggestion->budget;
  trial.continues = suggestion->continues_trial;
  co_return trial;
}

}  // namespace hpo
