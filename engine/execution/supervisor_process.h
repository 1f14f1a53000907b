#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "engine/supervisor/records.h"
#include "objectives/descriptor.h"
#include "objectives/error.h"

namespace hpo::execution {

/// Where an attempt stands, as its folder tells.
struct Standing {
  enum class State {
    untouched,   ///< nothing of it was started
    supervised,  ///< a supervisor holds the trial's folder, be it for this attempt or another
    ended,       ///< its end is recorded
    lost,        ///< it was started, and nothing recorded its end
    foreign,     ///< the folder is left from other work: its database was removed or set back
    unknown,     ///< cannot be looked at for now: this process has no descriptor left
  };
  State state = State::untouched;
  pid_t supervisor = 0;
  supervision::ExitRecord end = {};
};

/// Where the attempt of `owner` stands (Job::owner).
Standing standing_of(const std::filesystem::path& root, int attempt, const std::string& owner);

/// A handle (pidfd) on the supervisor that holds the trial's folder. Empty where it is gone, or not
/// visible from here.
Descriptor open_supervisor(const std::filesystem::path& root, pid_t pid);

/// What starts a supervisor.
struct SupervisorStart {
  std::filesystem::path program = {};
  std::filesystem::path root = {};
  int attempt = 1;
  std::vector<int> locks = {};  ///< descriptors that it inherits
};

/// Starts a supervisor in a session of its own, so that no signal to this process's group or
/// terminal reaches it. Returns its handle (pidfd). Error: environment.
Result<Descriptor> start_supervisor(const SupervisorStart& start, const supervision::Job& job);

/// Tells a supervisor to end its attempt: gently, or at once for Stop::kill. Nothing happens if it
/// has ended. Returns whether it could; else errno says why not.
bool tell_to_stop(int process, supervision::Stop reason);

/// Takes an ended child's exit status: 0 or errno. Nothing for a process that was not started by
/// this one.
std::optional<int> take_status(int process);

/// Kills every process that carries the attempt's environment; for an attempt whose supervisor was
/// killed itself. Returns how many there were.
int kill_leftovers(const std::filesystem::path& root, int attempt);

}  // namespace hpo::execution
