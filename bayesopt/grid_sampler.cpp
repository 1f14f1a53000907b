// Every configuration of a finite space once, in an order that spreads early: steps of about the
// golden section of their number, so that each prefix lies evenly (Kronecker's sequence).

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "bayesopt/sampler.h"
#include "bayesopt/sampler_options.h"
#include "bayesopt/unseen.h"

namespace hpo {
namespace {

constexpr std::uint64_t kLargestGrid = std::uint64_t{1} << 53U;
constexpr double kGoldenSection = 0.6180339887498949;

/// The whole number nearest above the golden section of n that shares no factor with n: multiples
/// of it modulo n visit every residue.
std::uint64_t stride_of(std::uint64_t n) {
  auto stride = static_cast<std::uint64_t>(kGoldenSection * static_cast<double>(n)) + 1;
  while (std::gcd(stride, n) != 1) ++stride;
  return stride;
}

/// a·b mod n for n ≤ 2^53, by doubling: the product itself may not fit.
std::uint64_t multiply(std::uint64_t a, std::uint64_t b, std::uint64_t n) {
  std::uint64_t product = 0;
  for (a %= n; b > 0; b >>= 1U) {
    if ((b & 1U) != 0) product = (product + a) % n;
    a = (a + a) % n;
  }
  return product;
}

class GridSampler final : public Sampler {
 public:
  explicit GridSampler(const SearchSpace& space)
      : cube_(space), finite_(FiniteSpace::of(cube_, kLargestGrid)) {}

  [[nodiscard]] bool is_finite() const { return finite_.has_value(); }

  Result<Suggestion> suggest(const Study& study, std::uint64_t /*seed*/) override {
    check(study.spec.space == cube_.space(), "the study has the sampler's space");
    points_.update(study);
    const std::uint64_t n = finite_->size();
    const std::uint64_t stride = stride_of(n);
    // A study of this sampler alone has the walk's first places: go on behind them, then from the
    // start, so that what another sampler or the user left out is found too.
    const std::uint64_t start = study.trials.size();
    std::uint64_t place = multiply(start, stride, n);
    for (std::uint64_t k = 0; k < n && k <= start; ++k, place = (place + stride) % n) {
      const Point x = finite_->at(place);
      if (points_.contains(x)) continue;
      return Suggestion{.configuration = cube_.decode(x), .model = R"({"mode":"grid"})"};
    }
    return space_exhausted(n);
  }

 private:
  UnitCube cube_;
  std::optional<FiniteSpace> finite_;
  TrialPoints points_{cube_};
};

}  // namespace

Result<std::unique_ptr<Sampler>> make_grid_sampler(const nlohmann::json& options,
                                                   const SearchSpace& space) {
  if (const auto known = check_option_names("grid", options, {}); !known) return known.error();
  for (const auto& parameter : space.parameters) {
    if (!Axis(parameter.domain).is_continuous()) continue;
    return Error{
        .message = fmt::format("grid needs finitely many values, {} is continuous", parameter.name),
        .hint = "give it a step, list its values (type ordinal), or take sobol"};
  }
  auto sampler = std::make_unique<GridSampler>(space);
  if (!sampler->is_finite()) {
    return Error{.message = "grid: the search space holds too many configurations to walk them",
                 .hint = "give wider steps, or take sobol"};
  }
  return std::unique_ptr<Sampler>(std::move(sampler));
}

}  // namespace hpo
