#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "objectives/trial.h"

namespace hpo {

/// How one attempt of a trial ended, as the breaker looks at it.
struct AttemptEnd {
  std::int64_t trial = 0;
  std::string device = {};  ///< label of the lease; empty where it is no device that could be bad
  std::optional<FailureClass> failure = {};  ///< nothing: complete or pruned
  std::string reason = {};
};

/// Tells a study that cannot work, and a device that cannot, from trials that fail now and then.
/// Looks at the attempts of one run, so that a run after the repair starts afresh.
class Breaker {
 public:
  static constexpr int kSameAtFirst = 5;  ///< failures of one class before anything succeeded
  /// The same for classes that come from the configuration (nan, oom, timeout): a part of the space
  /// may well be infeasible. Also: failures of any class in a row after a success.
  static constexpr int kInARow = 20;
  static constexpr int kOnDevice = 3;  ///< failures in a row on a device whose neighbours work

  /// An attempt ended while trials run on `busy` devices. Returns the message if its device is the
  /// fault and should be set aside; its failures then no longer count against the study.
  std::optional<std::string> record(const AttemptEnd& end, const std::vector<std::string>& busy);

  /// Why nothing new should be started; nothing once an attempt has succeeded since.
  [[nodiscard]] std::optional<std::string> tripped() const;

 private:
  struct Device {
    int failures = 0;  // in a row
    int failures_elsewhere = 0;
    int successes_elsewhere = 0;
  };
  void record_for_study(const AttemptEnd& end);
  Device& record_for_devices(const AttemptEnd& end);

  bool any_success_ = false;
  int in_a_row_ = 0;
  int same_in_a_row_ = 0;
  AttemptEnd last_ = {};
  std::map<std::string, Device> devices_ = {};
};

}  // namespace hpo
