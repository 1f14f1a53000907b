// Advice: what is allowed but rarely meant. Few and concrete; each names the remedy.

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "engine/config/sections.h"
#include "objectives/objective.h"

namespace hpo::config {
namespace {

/// From here on the small values of a linear scale are hardly ever tried.
constexpr double kWideDecades = 3;
/// No hyperparameter is known to matter over more.
constexpr double kAbsurdDecades = 12;

/// log10(max/min), where both are positive.
double decades(double min, double max) { return min > 0 ? std::log10(max / min) : 0; }

void advise_scale(Section& parameters, const std::string& name, Scale scale, double span) {
  if (span > kAbsurdDecades) {
    parameters.advise(name, {.message = fmt::format("spans {:.0f} decades", span),
                             .hint = "a narrower range is searched better"});
  } else if (scale == Scale::linear && span >= kWideDecades - 1e-9) {
    parameters.advise(name, {.message = fmt::format("spans {:.0f} decades on a linear scale", span),
                             .hint = "scale: log gives each decade the same share"});
  }
}

void advise_step(Section& parameters, const std::string& name, const FloatParameter& d) {
  if (!d.step) return;
  const auto grid = finite_values(d);
  if (grid.empty()) return;
  const double last = std::get<double>(grid.back());
  if (d.max - last <= 1e-6 * (d.max - d.min)) return;
  parameters.advise(
      name, {.message = fmt::format("max {} is never tried: steps of {} from {} end at {:.6g}",
                                    d.max, *d.step, d.min, last)});
}

void advise_one_value(Section& parameters, const std::string& name,
                      const std::vector<ParameterValue>& values) {
  if (values.size() != 1) return;
  parameters.advise(name, {.message = "has a single value, so there is nothing to search",
                           .hint = "a fixed value belongs under trial.hyperparameters"});
}

void advise_space(const TuningConfig& config, Section& root) {
  Section parameters(root.find("parameters"), "parameters", "", root.findings());
  for (const auto& [name, domain, when] : config.study.space.parameters) {
    if (const auto* f = std::get_if<FloatParameter>(&domain)) {
      advise_scale(parameters, name, f->scale, decades(f->min, f->max));
      advise_step(parameters, name, *f);
    } else if (const auto* i = std::get_if<IntParameter>(&domain)) {
      advise_scale(parameters, name, i->scale,
                   decades(static_cast<double>(i->min), static_cast<double>(i->max)));
    } else if (const auto* c = std::get_if<CategoricalParameter>(&domain)) {
      advise_one_value(parameters, name, c->values);
    } else if (const auto* o = std::get_if<OrdinalParameter>(&domain)) {
      advise_one_value(parameters, name, o->values);
    }
  }
}

void advise_limits(const TuningConfig& config, Section& root) {
  Section section(root.find("limits"), "limits", "", root.findings());
  const Limits& limits = config.limits;
  if (limits.trials && limits.no_improvement && *limits.no_improvement >= *limits.trials) {
    section.advise("no_improvement",
                   {.message = fmt::format("{} never ends a study of {} trials",
                                           *limits.no_improvement, *limits.trials)});
  }
  if (limits.runtime_s && config.trial.timeout_s && *config.trial.timeout_s > *limits.runtime_s) {
    section.advise("runtime",
                   {.message = "is shorter than trial.timeout, so one trial may fill it"});
  }
}

/// A script that is an argument of its interpreter.
bool is_script(const std::string& word) {
  constexpr std::array<std::string_view, 6> kEndings = {".py", ".sh", ".R", ".jl", ".pl", ".js"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return word.ends_with(ending); });
}

void advise_command(const TuningConfig& config, Section& trial) {
  const auto& command = config.trial.command;
  std::error_code error;
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (!is_script(command[i])) continue;
    const auto script = config.folder / command[i];
    if (std::filesystem::exists(script, error)) continue;
    trial.advise("command", {.message = fmt::format("there is no file {}", script.string()),
                             .hint = "paths are relative to the tuning file's folder"});
  }
  if (command.empty() || config.study.objectives.empty()) return;
  std::vector<std::string> metrics = {config.study.objectives[0].metric};
  for (auto& name : further_metrics(config.study)) metrics.push_back(std::move(name));
  const auto& patterns = config.trial.metrics;
  for (const auto& metric : metrics) {
    const bool is_declared =
        std::any_of(patterns.begin(), patterns.end(),
                    [&](const auto& pattern) { return pattern.metric == metric; });
    if (is_declared) continue;
    trial.advise(
        "command",
        {.message = fmt::format("\"{0}\" has no regular expression, so the program must print "
                                "JSON lines {{\"metric\": \"{0}\", \"value\": ...}}",
                                metric),
         .hint = fmt::format("or trial.metrics: {{\"{0}\": '{0}: (\\S+)'}}", metric)});
  }
}

void advise_metrics(const TuningConfig& config, Section& trial) {
  Section metrics(trial.find("metrics"), "trial.metrics", "", trial.findings());
  for (const auto& [metric, regex] : config.trial.metrics) {
    if (RE2::PartialMatch("", regex)) {
      metrics.advise(metric,
                     {.message = "matches an empty line too, so it matches every line",
                      .hint = "name what stands before the number, such as 'loss: (\\S+)'"});
    }
  }
}

void advise_built_in(const TuningConfig& config, Section& root) {
  const auto objective = make_objective(config.trial.objective);
  if (!objective) return;
  const SearchSpace space = (*objective)->space();
  Section parameters(root.find("parameters"), "parameters", "", root.findings());
  for (const auto& parameter : config.study.space.parameters) {
    if (space.find(parameter.name) != nullptr) continue;
    parameters.advise(parameter.name, {.message = fmt::format("has no effect on objective {}",
                                                              config.trial.objective)});
  }
  if (config.strategy.early_stopping.empty()) return;
  Section strategy(root.find("strategy"), "strategy", "", root.findings());
  strategy.advise("early_stopping",
                  {.message = "has no effect: a built-in objective reports once, at its end"});
}

}  // namespace

void advise(const TuningConfig& config, Section& root) {
  Section trial(root.find("trial"), "trial", "", root.findings());
  advise_space(config, root);
  advise_limits(config, root);
  advise_command(config, trial);
  advise_metrics(config, trial);
  if (!config.trial.objective.empty()) advise_built_in(config, root);
  if (config.trial.retries == 0 && trial.find("retry_on") != nullptr) {
    trial.advise("retry_on", {.message = "has no effect with retries: 0"});
  }
}

}  // namespace hpo::config
