// Points of a scrambled Sobol sequence by the trial's number; the scramble belongs to the study.

#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"
#include "bayesopt/sampler_options.h"
#include "bayesopt/sobol.h"
#include "bayesopt/unseen.h"

namespace hpo {
namespace {

class SobolSampler final : public Sampler {
 public:
  explicit SobolSampler(const SearchSpace& space)
      : cube_(space), finite_(FiniteSpace::of(cube_, kLargestListed)) {}

  Result<Suggestion> suggest(const Study& study, std::uint64_t seed) override {
    check(study.spec.space == cube_.space(), "the study has the sampler's space");
    points_.update(study);
    const Sobol sobol(cube_.size(), seed_for(study.spec.seed, Purpose::scramble));
    const std::uint64_t number = study.trials.size();
    const auto draw = [&](std::uint64_t k) { return cube_.from_uniforms(sobol.point(number + k)); };
    auto configuration = first_unseen(cube_, finite_, points_, seed, draw);
    if (!configuration) return configuration.error();
    return Suggestion{.configuration = std::move(*configuration), .model = R"({"mode":"design"})"};
  }

 private:
  UnitCube cube_;
  std::optional<FiniteSpace> finite_;
  TrialPoints points_{cube_};
};

}  // namespace

Result<std::unique_ptr<Sampler>> make_sobol_sampler(const nlohmann::json& options,
                                                    const SearchSpace& space) {
  if (const auto known = check_option_names("sobol", options, {}); !known) return known.error();
  return std::unique_ptr<Sampler>(std::make_unique<SobolSampler>(space));
}

}  // namespace hpo
