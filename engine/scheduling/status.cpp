#include "engine/scheduling/status.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "objectives/json.h"

namespace hpo {
namespace {

std::optional<double> by_trials(const EtaFacts& facts) {
  const auto mean = facts.standing.mean_duration_s();
  if (!facts.limits.trials || !mean) return std::nullopt;
  const auto to_go = std::max<std::int64_t>(0, *facts.limits.trials - facts.standing.finished());
  double work_s = static_cast<double>(to_go) * *mean;
  for (const double running : facts.running_s) work_s -= std::min(running, *mean);
  const auto at_once = std::min<std::int64_t>({facts.limits.parallel, facts.capacity, to_go});
  return std::max(0.0, work_s) / static_cast<double>(std::max<std::int64_t>(1, at_once));
}

}  // namespace

std::optional<double> eta_s(const EtaFacts& facts) {
  auto eta = by_trials(facts);
  if (facts.limits.runtime_s) {
    const double left = std::max(0.0, *facts.limits.runtime_s - facts.active_s);
    eta = eta ? std::min(*eta, left) : left;
  }
  return eta;
}

std::string status_json(const std::vector<SlotStatus>& slots, std::optional<double> eta,
                        double elapsed_s, TimePoint now) {
  nlohmann::json resources = nlohmann::json::array();
  for (const auto& slot : slots) {
    resources.push_back(
        {{"device", slot.device}, {"trials", slot.trials}, {"idle_reason", slot.idle_reason}});
  }
  const nlohmann::json status = {{"resources", std::move(resources)},
                                 {"eta_s", eta ? nlohmann::json(*eta) : nlohmann::json(nullptr)},
                                 {"elapsed_s", elapsed_s},
                                 {"updated_at", to_iso8601(now)}};
  return status.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace hpo
