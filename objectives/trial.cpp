#include "objectives/trial.h"

#include <algorithm>
#include <array>

namespace hpo {
namespace {

template <class E>
struct Name {
  E value;
  const char* text;
};

// Persistent format: these names are in the database and in JSON. Add, never rename.
constexpr std::array kStates = {
    Name<TrialState>{TrialState::waiting, "waiting"},
    Name<TrialState>{TrialState::running, "running"},
    Name<TrialState>{TrialState::paused, "paused"},
    Name<TrialState>{TrialState::complete, "complete"},
    Name<TrialState>{TrialState::pruned, "pruned"},
    Name<TrialState>{TrialState::failed, "failed"},
};
constexpr std::array kFailures = {
    Name<FailureClass>{FailureClass::exit_code, "exit_code"},
    Name<FailureClass>{FailureClass::signal, "signal"},
    Name<FailureClass>{FailureClass::oom, "oom"},
    Name<FailureClass>{FailureClass::timeout, "timeout"},
    Name<FailureClass>{FailureClass::nan, "nan"},
    Name<FailureClass>{FailureClass::no_metric, "no_metric"},
    Name<FailureClass>{FailureClass::lost, "lost"},
    Name<FailureClass>{FailureClass::start, "start"},
    Name<FailureClass>{FailureClass::stopped, "stopped"},
};

template <class E, std::size_t N>
const char* name_of(const std::array<Name<E>, N>& table, E value) {
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const auto& entry) { return entry.value == value; });
  return at == table.end() ? "" : at->text;
}

template <class E, std::size_t N>
std::optional<E> value_of(const std::array<Name<E>, N>& table, std::string_view name) {
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const auto& entry) { return entry.text == name; });
  if (at == table.end()) return std::nullopt;
  return at->value;
}

}  // namespace

const char* to_string(TrialState state) { return name_of(kStates, state); }
const char* to_string(FailureClass failure) { return name_of(kFailures, failure); }
std::optional<TrialState> trial_state_from(std::string_view name) {
  return value_of(kStates, name);
}
std::optional<FailureClass> failure_class_from(std::string_view name) {
  return value_of(kFailures, name);
}

}  // namespace hpo
