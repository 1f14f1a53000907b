#include "engine/execution/orphans.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "engine/execution/supervisor_process.h"
#include "engine/supervisor/lock.h"
#include "engine/trial_directory.h"
#include "objectives/descriptor.h"

namespace hpo::execution {
namespace {

namespace fs = std::filesystem;
using supervision::Stop;

void wait_for_end(int process) {
  pollfd ended{.fd = process, .events = POLLIN, .revents = 0};
  while (poll(&ended, 1, -1) < 0 && errno == EINTR) {
  }
}

Error unreachable(const LiveAttempt& attempt, const std::string& why) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("cannot end trial {}, which runs in {}: {}", attempt.trial,
                                 attempt.root.string(), why),
          .hint = "end it where it was started, or as its user"};
}

/// A handle on the supervisor that was told to end; empty where it has ended already.
Result<Descriptor> tell(const LiveAttempt& attempt, Stop reason) {
  Descriptor process = open_supervisor(attempt.root, attempt.supervisor);
  if (!process) {
    if (!supervision::lock_holder(attempt.root)) return Descriptor();
    return unreachable(attempt, "its process is outside of this container or machine");
  }
  if (tell_to_stop(process.get(), reason) || errno == ESRCH) return process;
  return unreachable(attempt,
                     fmt::format("process {}: {}", attempt.supervisor, std::strerror(errno)));
}

}  // namespace

std::vector<LiveAttempt> live_attempts(const fs::path& study_folder, const Study& study) {
  std::vector<LiveAttempt> live;
  for (const auto& trial : study.trials) {
    if (is_finished(trial->state)) continue;
    fs::path root = trial_directory(study_folder, trial->number).root;
    const auto holder = supervision::lock_holder(root);
    if (!holder) continue;
    live.push_back({.trial = trial->number, .root = std::move(root), .supervisor = *holder});
  }
  return live;
}

std::vector<LiveAttempt> live_attempts(const fs::path& study_folder) {
  std::vector<LiveAttempt> live;
  std::error_code failed;
  for (fs::directory_iterator at(study_folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename();
    std::int64_t number = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size()) continue;
    const auto holder = supervision::lock_holder(at->path());
    if (holder) live.push_back({.trial = number, .root = at->path(), .supervisor = *holder});
  }
  return live;
}

Result<void> end_attempts(const std::vector<LiveAttempt>& attempts, CancelReason reason) {
  const Stop word = reason == CancelReason::kill ? Stop::kill : Stop::resume;
  std::vector<Descriptor> told;
  std::optional<Error> error;
  for (const auto& attempt : attempts) {
    auto process = tell(attempt, word);
    if (!process) {
      error = process.error();
    } else if (*process) {
      told.push_back(*std::move(process));
    }
  }
  for (const auto& process : told) wait_for_end(process.get());
  if (error) return *std::move(error);
  return {};
}

}  // namespace hpo::execution
