#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// What to try next.
struct Suggestion {
  Configuration configuration = {};
  std::optional<std::int64_t> budget = {};           ///< value of the budget parameter (hyperband)
  std::optional<std::int64_t> continues_trial = {};  ///< promotion of a paused trial
  std::string model =
      {};  ///< JSON text: fitted hyperparameters and transform, what replay and explain need
};

/// Chooses configurations. `suggest` is a function of the study's events up to study.last_event and
/// of the seed: the same study and seed give the same bits, whatever the object was asked before.
/// Caches may exist; they never change a result.
class Sampler {
 public:
  virtual ~Sampler() = default;

  /// The next configuration for `study`; running and waiting trials of it are pending. `seed`
  /// belongs to the trial that will be made (mix_seed(spec.seed, number)); what is drawn once per
  /// study (a Sobol scramble) comes from spec.seed. Errors: exhausted, if a finite space has no
  /// configuration left.
  virtual Result<Suggestion> suggest(const Study& study, std::uint64_t seed) = 0;
};

/// The sampler of that name for studies with this space. `options` is the strategy's block of the
/// file without `name`, `seed` and `early_stopping`; every sampler checks its own keys. Errors:
/// usage, naming the option; unknown name with the known ones; a space the sampler cannot search
/// (grid over a continuous one).
Result<std::unique_ptr<Sampler>> make_sampler(std::string_view name, const nlohmann::json& options,
                                              const SearchSpace& space);

/// Whether the sampler of that name and options learns from other studies (Study::prior); one that
/// does not takes no notice of them.
bool learns_from_others(std::string_view name, const nlohmann::json& options);

/// Samplers that choose configurations and need no options, in the table's order.
std::vector<std::string_view> sampler_names();

/// Every name that make_sampler knows: those, and hyperband, which has one of them inside.
std::vector<std::string_view> strategy_names();

}  // namespace hpo
