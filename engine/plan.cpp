// The plan of `hpo run --dry-run`.

#include "engine/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"
#include "engine/duration_text.h"
#include "engine/initial_points.h"
#include "engine/strategy_text.h"
#include "engine/trial_arguments.h"
#include "engine/warm_start.h"
#include "objectives/json.h"
#include "objectives/seed.h"

namespace hpo {
namespace {

/// Configurations shown: those that start at once, but at least three and at most eight.
constexpr std::int64_t kFewest = 3;
constexpr std::int64_t kMost = 8;

std::int64_t finished(const PlanContext& context) {
  return context.resumed ? context.resumed->finished() : 0;
}

/// Trials still to finish; nothing where their number is open.
std::optional<std::int64_t> trials_left(const TuningConfig& config, const PlanContext& context) {
  if (!config.limits.trials) return std::nullopt;
  return std::max<std::int64_t>(0, *config.limits.trials - finished(context));
}

std::string study_lines(const TuningConfig& config, const PlanContext& context) {
  std::string text = fmt::format("study      {}", config.study.name);
  if (context.resumed) text += fmt::format(", goes on after {} finished trials", finished(context));
  for (const auto& objective : config.study.objectives) {
    text += fmt::format("\nobjective  {} {}, {} report of a trial", to_string(objective.goal),
                        objective.metric, to_string(objective.value));
  }
  for (const auto& constraint : config.study.constraints) {
    text += fmt::format("\nkeeps      {}", constraint.metric);
    if (constraint.min) text += fmt::format(" >= {}", *constraint.min);
    if (constraint.max)
      text += fmt::format("{} <= {}", constraint.min ? " and" : "", *constraint.max);
  }
  const auto& parameters = config.study.space.parameters;
  const auto size = config.study.space.cardinality();
  text += fmt::format("\nspace      {} parameter{}, {}", parameters.size(),
                      parameters.size() == 1 ? "" : "s",
                      size ? fmt::format("{} configurations", *size) : "continuous");
  text += fmt::format("\nstrategy   {}, seed {}{}", config.strategy.name, config.study.seed,
                      config.strategy.early_stopping.empty()
                          ? ""
                          : ", early stopping: " + config.strategy.early_stopping);
  const std::size_t trials = context.resumed ? context.resumed->trials.size() : 0;
  const std::string chosen = auto_text(config, trials);
  if (!chosen.empty()) text += "\n           " + chosen;
  for (const auto& line : warm_start_lines(context.sources)) text += "\nwarm start " + line;
  return text;
}

std::string limit_lines(const TuningConfig& config, const PlanContext& context) {
  const Limits& limits = config.limits;
  std::vector<std::string> ends;
  if (limits.trials) ends.push_back(fmt::format("{} trials", *limits.trials));
  if (limits.runtime_s) ends.push_back(duration_text(*limits.runtime_s));
  if (limits.target) ends.push_back(fmt::format("a value of {}", *limits.target));
  if (limits.no_improvement) {
    ends.push_back(fmt::format("{} trials without a better value", *limits.no_improvement));
  }
  if (limits.regret) {
    ends.push_back(fmt::format("the best is probably within {} of the optimum", *limits.regret));
  }
  if (limits.convergence) ends.emplace_back("no improvement is expected any more");
  if (ends.empty()) ends.emplace_back("every configuration");
  std::string text = fmt::format("\nends after {}", fmt::join(ends, ", or "));
  const auto left = trials_left(config, context);
  const auto& timeout = config.trial.timeout_s;
  if (left && timeout) {
    const int at_once = std::min(limits.parallel, context.capacity.value_or(limits.parallel));
    const double rounds = std::ceil(static_cast<double>(*left) / std::max(1, at_once));
    text += fmt::format("\n           at most {} if every trial takes its timeout of {}",
                        duration_text(rounds * *timeout), duration_text(*timeout));
  }
  return text;
}

std::string resource_lines(const TuningConfig& config, const PlanContext& context) {
  const int parallel = config.limits.parallel;
  if (!config.trial.objective.empty())
    return fmt::format("\nat once    {}, inside this process", parallel);
  if (config.sagemaker) {
    return fmt::format("\nat once    {} training jobs of SageMaker, each {} x {}{}", parallel,
                       config.sagemaker->instance_count,
                       fmt::join(config.sagemaker->instance_types, " or "), context.cost);
  }
  const ResourceSpec& resources = config.resources;
  std::string text =
      fmt::format("\nat once    {}", std::min(parallel, context.capacity.value_or(parallel)));
  if (context.capacity && *context.capacity < parallel) {
    text += fmt::format(" (parallel is {}, but no more fit)", parallel);
  }
  const std::string gpus = resources.gpus ? std::to_string(*resources.gpus) : "auto";
  return text + fmt::format(
                    "\nresources  gpus: {}; a trial takes {} CPU{}", gpus, resources.cpus_per_trial,
                    resources.gpus == 0 ? ""
                                        : fmt::format(" and, where there are GPUs, {} of them",
                                                      resources.gpus_per_trial));
}

std::string path_lines(const TuningConfig& config, const PlanContext& context) {
  std::string text = fmt::format("\nstorage    {}", config.storage.string());
  if (!context.folder.empty())
    text += fmt::format("\ntrials in  {}/<number>", context.folder.string());
  for (const auto& [name, path] : config.trial.channels) {
    text += fmt::format("\nchannel    {}: {}", name, path.string());
  }
  if (config.export_to) text += fmt::format("\nexport to  {}", config.export_to->string());
  if (!config.trial.command.empty() && !config.sagemaker)
    text += fmt::format("\nruns in    {}", command_folder(config).string());
  return text;
}

/// One trial: its number, its hyperparameters, and the line or the request that starts it.
std::string trial_lines(const TuningConfig& config, const PlanContext& context,
                        const Trial& trial) {
  const std::int64_t number = trial.number;
  const Configuration& configuration = trial.configuration;
  std::string text = fmt::format("\n  {}:", number);
  for (const auto& [name, value] : configuration)
    text += fmt::format(" {}={}", name, to_text(value));
  if (context.request) return text + "\n" + context.request(trial);
  const auto words = trial_arguments(config.trial, configuration);
  if (words.empty()) return text + fmt::format("\n     {} in process", config.trial.objective);
  std::string line;
  for (const auto& [name, value] : config.trial.environment) {
    line += name + "=" + shell_line({value}) + " ";
  }
  line += shell_line(words);
  if (config.trial.trainer.empty()) return text + "\n     " + line;
  const auto folder = context.folder / std::to_string(number) / "input/config/hyperparameters.json";
  return text + "\n     " + line + "\n     with " + folder.string() + ": " +
         to_json(trial_hyperparameters(config.trial, configuration)).dump();
}

/// The next trial of a study as one that runs, which the suggestion after it takes into account.
Trial running_trial(const Study& study, std::int64_t number, Suggestion suggestion) {
  Trial trial{.number = number,
              .configuration = std::move(suggestion.configuration),
              .seed = mix_seed(study.spec.seed, static_cast<std::uint64_t>(number)),
              .state = TrialState::running};
  trial.model = std::move(suggestion.model);
  trial.budget = suggestion.budget;
  trial.continues = suggestion.continues_trial;
  trial.seen = study.last_event;
  trial.created_event = study.last_event + 1;
  return trial;
}

/// What comes next: the configurations of the file, then the sampler's.
Result<Suggestion> next_suggestion(const StrategySpec& strategy, Sampler& sampler,
                                   const Study& study) {
  for (std::size_t i = 0; i < strategy.initial.size(); ++i) {
    if (!has_tried(study, strategy.initial, i))
      return Suggestion{.configuration = strategy.initial[i]};
  }
  return sampler.suggest(study, mix_seed(study.spec.seed, study.trials.size()));
}

Result<std::string> sample_lines(const TuningConfig& config, const PlanContext& context) {
  Study study;
  if (context.resumed) study = *context.resumed;
  study.spec = config.study;
  study.prior = with_sources(std::move(study.prior), context.sources, study.last_event);
  const auto options = parse_json(config.strategy.options);
  if (!options) return options.error();
  auto sampler = make_sampler(config.strategy.name, *options, study.spec.space);
  if (!sampler) return sampler.error();
  const std::int64_t wanted = std::clamp<std::int64_t>(config.limits.parallel, kFewest, kMost);
  // Those that wait or run already are not new.
  const auto known = static_cast<std::int64_t>(study.trials.size());
  const std::int64_t room = config.limits.trials ? *config.limits.trials - known : wanted;
  const std::int64_t count = std::min(wanted, room);
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto number = static_cast<std::int64_t>(study.trials.size());
    auto suggestion = next_suggestion(config.strategy, **sampler, study);
    if (!suggestion && suggestion.error().code == ErrorCode::exhausted) break;
    if (!suggestion) return suggestion.error();
    auto trial =
        std::make_shared<const Trial>(running_trial(study, number, std::move(*suggestion)));
    Trial shown = *trial;
    shown.configuration = with_budget(config.strategy, trial->configuration, trial->budget);
    text += trial_lines(config, context, shown);
    study.last_event = trial->created_event;
    study.trials.push_back(std::move(trial));
  }
  return text.empty() ? known > finished(context) ? "\nno new trials, only those that were begun"
                                                  : "\nnothing is left to run"
                      : "\nthe next trials" + text;
}

}  // namespace

Result<std::string> describe_plan(const TuningConfig& config, const PlanContext& context) {
  const auto samples = sample_lines(config, context);
  if (!samples) return samples.error();
  return study_lines(config, context) + limit_lines(config, context) +
         resource_lines(config, context) + path_lines(config, context) + *samples + "\n";
}

}  // namespace hpo
