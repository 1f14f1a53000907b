#include "engine/scheduling/breaker.h"

#include <fmt/format.h>

#include <algorithm>

namespace hpo {
namespace {

bool comes_from_configuration(FailureClass failure) {
  return failure == FailureClass::nan || failure == FailureClass::oom ||
         failure == FailureClass::timeout;
}

// A device can neither make a program forget its metric nor compute NaN in one place only.
bool may_come_from_device(FailureClass failure) {
  return failure != FailureClass::nan && failure != FailureClass::no_metric;
}

}  // namespace

std::optional<std::string> Breaker::record(const AttemptEnd& end,
                                           const std::vector<std::string>& busy) {
  if (end.failure == FailureClass::stopped) return std::nullopt;
  record_for_study(end);
  if (end.device.empty() || (end.failure && !may_come_from_device(*end.failure))) {
    return std::nullopt;
  }
  const Device device = record_for_devices(end);
  if (device.failures < kOnDevice) return std::nullopt;
  const bool others_run = std::any_of(busy.begin(), busy.end(), [&](const auto& other) {
    return !other.empty() && other != end.device;
  });
  const bool untried = device.successes_elsewhere == 0 && device.failures_elsewhere == 0;
  const bool others_work =
      device.successes_elsewhere > device.failures_elsewhere || (untried && others_run);
  if (!others_work) return std::nullopt;
  devices_.erase(end.device);
  in_a_row_ = 0;
  same_in_a_row_ = 0;
  return fmt::format(
      "{} is set aside for the rest of this run: {} trials in a row failed there, "
      "and not elsewhere (trial {}: {}{}{})",
      end.device, device.failures, end.trial, to_string(*end.failure),
      end.reason.empty() ? "" : ", ", end.reason);
}

void Breaker::record_for_study(const AttemptEnd& end) {
  if (!end.failure) {
    any_success_ = true;
    in_a_row_ = 0;
    same_in_a_row_ = 0;
    return;
  }
  const bool same = in_a_row_ > 0 && last_.failure == end.failure;
  same_in_a_row_ = same ? same_in_a_row_ + 1 : 1;
  ++in_a_row_;
  last_ = end;
}

Breaker::Device& Breaker::record_for_devices(const AttemptEnd& end) {
  Device& device = devices_[end.device];
  for (auto& [name, other] : devices_) {
    if (name == end.device || other.failures == 0) continue;
    ++(end.failure ? other.failures_elsewhere : other.successes_elsewhere);
  }
  if (end.failure) {
    ++device.failures;
  } else {
    device = {};
  }
  return device;
}

std::optional<std::string> Breaker::tripped() const {
  if (in_a_row_ == 0) return std::nullopt;
  const std::string last = fmt::format("trial {}: {}{}{}", last_.trial, to_string(*last_.failure),
                                       last_.reason.empty() ? "" : ", ", last_.reason);
  const int bearable = comes_from_configuration(*last_.failure) ? kInARow : kSameAtFirst;
  if (!any_success_ && same_in_a_row_ >= bearable) {
    return fmt::format("all trials fail: {} in a row with {} ({})", same_in_a_row_,
                       to_string(*last_.failure), last);
  }
  if (in_a_row_ >= kInARow) return fmt::format("{} trials in a row failed ({})", in_a_row_, last);
  return std::nullopt;
}

}  // namespace hpo
