#pragma once

#include <map>
#include <string>

#include "engine/tuning_config.h"

namespace hpo::sagemaker {

/// Which of the file's instance types the next job asks for: the first that is not known to be out
/// of capacity, or never granted to the account.
class Placement {
 public:
  explicit Placement(const SageMakerSpec& spec) : types_(spec.instance_types) {}

  /// Empty where the account gets none of them.
  [[nodiscard]] std::string choose(double now_s) const;
  /// The region had no machine of that type free; another one is tried for a while.
  void had_no_capacity(const std::string& type, double now_s);
  /// The account's quota of that type is 0.
  void is_never_granted(const std::string& type);

 private:
  std::vector<std::string> types_;
  std::map<std::string, double> until_s_ = {};
};

}  // namespace hpo::sagemaker
