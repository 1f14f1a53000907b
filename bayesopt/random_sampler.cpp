// Independent draws, uniform at every parameter that is active.

#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"
#include "bayesopt/sampler_options.h"
#include "bayesopt/unseen.h"

namespace hpo {
namespace {

class RandomSampler final : public Sampler {
 public:
  explicit RandomSampler(const SearchSpace& space)
      : cube_(space), finite_(FiniteSpace::of(cube_, kLargestListed)) {}

  Result<Suggestion> suggest(const Study& study, std::uint64_t seed) override {
    check(study.spec.space == cube_.space(), "the study has the sampler's space");
    points_.update(study);
    RandomStream random(seed, Purpose::configuration);
    const auto draw = [&](std::uint64_t) {
      Eigen::VectorXd u(cube_.size());
      for (double& ui : u) ui = random.uniform();
      return cube_.from_uniforms(u);
    };
    auto configuration = first_unseen(cube_, finite_, points_, seed, draw);
    if (!configuration) return configuration.error();
    return Suggestion{.configuration = std::move(*configuration), .model = R"({"mode":"random"})"};
  }

 private:
  UnitCube cube_;
  std::optional<FiniteSpace> finite_;
  TrialPoints points_{cube_};
};

}  // namespace

Result<std::unique_ptr<Sampler>> make_random_sampler(const nlohmann::json& options,
                                                     const SearchSpace& space) {
  if (const auto known = check_option_names("random", options, {}); !known) return known.error();
  return std::unique_ptr<Sampler>(std::make_unique<RandomSampler>(space));
}

}  // namespace hpo
