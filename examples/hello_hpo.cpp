// The library in thirty lines: a space, a Bayesian sampler, and a loop of your own.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"
#include "objectives/seed.h"

int main() {
  hpo::Study study{.spec = {.name = "hello",
                            .objectives = {{.metric = "loss", .goal = hpo::Goal::minimize}},
                            .space = {.parameters = {{"x", hpo::FloatParameter{-2, 2}},
                                                     {"n", hpo::IntParameter{1, 8}}}},
                            .seed = 1}};
  const auto sampler = hpo::make_sampler("bayesian", nlohmann::json::object(), study.spec.space);
  if (!sampler) return std::puts(sampler.error().message.c_str()), 1;
  for (std::int64_t number = 0; number < 25; ++number) {
    const auto seed = hpo::mix_seed(study.spec.seed, static_cast<std::uint64_t>(number));
    auto suggestion = (*sampler)->suggest(study, seed);
    if (!suggestion) return std::puts(suggestion.error().message.c_str()), 1;
    hpo::Trial trial{.number = number, .configuration = suggestion->configuration, .seed = seed};
    const double x = std::get<double>(trial.configuration.at("x"));
    const auto n = static_cast<double>(std::get<std::int64_t>(trial.configuration.at("n")));
    trial.value = (x - 0.7) * (x - 0.7) + (n - 5) * (n - 5) / 10;  // your training program
    trial.state = hpo::TrialState::complete;
    trial.created_event = trial.finished_event = study.last_event = number + 1;
    study.trials.push_back(std::make_shared<const hpo::Trial>(std::move(trial)));
  }
  const auto best = study.best_trial();
  std::printf("best of 25: %.4f at x = %s, n = %s\n", *best->value,
              hpo::to_text(best->configuration.at("x")).c_str(),
              hpo::to_text(best->configuration.at("n")).c_str());
}
