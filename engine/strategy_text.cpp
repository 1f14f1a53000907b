#include "engine/strategy_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bayesopt/auto_sampler.h"
#include "objectives/json.h"

namespace hpo {
namespace {

/// Whether `auto` is the sampler, or the one inside hyperband.
bool is_auto(const StrategySpec& strategy) {
  if (strategy.name == "auto") return true;
  const auto options = parse_json(strategy.options);
  if (strategy.name != "hyperband" || !options || !options->contains("sampler")) return false;
  const auto& inner = options->at("sampler");
  return inner == "auto" || (inner.is_object() && inner.value("name", "") == "auto");
}

}  // namespace

std::string auto_text(const TuningConfig& config, std::size_t trials) {
  if (!is_auto(config.strategy)) return {};
  const SamplerChoice choice =
      choose_sampler(config.study.space, trials, !config.strategy.warm_start.empty());
  const bool is_inside = config.strategy.name == "hyperband";
  return fmt::format("{}auto takes {}: {}",
                     is_inside ? "hyperband, since there is a budget; inside it " : "", choice.name,
                     choice.why);
}

}  // namespace hpo
