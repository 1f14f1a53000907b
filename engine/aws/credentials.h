#pragma once

#include <optional>
#include <string>

#include "objectives/trial.h"

namespace hpo::aws {

/// What signs requests. Kept in memory only: never printed, stored, or put into an error.
struct Credentials {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};          ///< empty for keys that do not expire
  std::optional<TimePoint> expires = {};   ///< nothing: they do not, or nobody knows
  std::optional<TimePoint> obtained = {};  ///< when they came
  std::string source = {};                 ///< for people: "the environment", "profile work"
};

}  // namespace hpo::aws
