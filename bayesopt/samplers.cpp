// The table of samplers. A new one: a factory in its own file, declared here, one line below.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"

namespace hpo {

using MadeSampler = Result<std::unique_ptr<Sampler>>;

MadeSampler make_random_sampler(const nlohmann::json& options, const SearchSpace& space);
MadeSampler make_sobol_sampler(const nlohmann::json& options, const SearchSpace& space);
MadeSampler make_grid_sampler(const nlohmann::json& options, const SearchSpace& space);
MadeSampler make_bayesian_sampler(const nlohmann::json& options, const SearchSpace& space);
MadeSampler make_tpe_sampler(const nlohmann::json& options, const SearchSpace& space);
MadeSampler make_auto_sampler(const nlohmann::json& options, const SearchSpace& space);
MadeSampler make_hyperband_sampler(const nlohmann::json& options, const SearchSpace& space);

namespace {

struct Entry {
  std::string_view name;
  bool learns_from_others;
  MadeSampler (*make)(const nlohmann::json& options, const SearchSpace& space);
};

constexpr std::array kSamplers = {
    Entry{"random", false, make_random_sampler}, Entry{"sobol", false, make_sobol_sampler},
    Entry{"grid", false, make_grid_sampler},     Entry{"bayesian", true, make_bayesian_sampler},
    Entry{"tpe", true, make_tpe_sampler},        Entry{"auto", true, make_auto_sampler},
};

/// Around one of them; it cannot do without options.
constexpr Entry kHyperband = {"hyperband", true, make_hyperband_sampler};

}  // namespace

std::vector<std::string_view> strategy_names() {
  auto names = sampler_names();
  names.push_back(kHyperband.name);
  return names;
}

bool learns_from_others(std::string_view name, const nlohmann::json& options) {
  if (name == kHyperband.name) {
    const auto inner = options.value("sampler", nlohmann::json("bayesian"));
    const auto within = inner.is_object() ? inner.value("name", nlohmann::json()) : inner;
    return !within.is_string() || learns_from_others(within.get<std::string>(), {});
  }
  return std::any_of(kSamplers.begin(), kSamplers.end(), [&](const Entry& entry) {
    return entry.name == name && entry.learns_from_others;
  });
}

std::vector<std::string_view> sampler_names() {
  std::vector<std::string_view> names;
  for (const auto& entry : kSamplers) names.push_back(entry.name);
  return names;
}

MadeSampler make_sampler(std::string_view name, const nlohmann::json& options,
                         const SearchSpace& space) {
  const auto at = std::find_if(kSamplers.begin(), kSamplers.end(),
                               [&](const Entry& entry) { return entry.name == name; });
  if (at != kSamplers.end()) return at->make(options, space);
  if (name == kHyperband.name) return kHyperband.make(options, space);
  return Error{.message = fmt::format("unknown sampler \"{}\"; expected one of {}", name,
                                      fmt::join(strategy_names(), ", "))};
}

}  // namespace hpo
