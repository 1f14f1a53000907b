// hpo stop: ask the process that runs a study to end it.

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/cli/study_access.h"
#include "engine/cli/study_text.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "objectives/csv.h"

namespace hpo::cli {
namespace {

/// Returns when the process has ended. A process of another user or namespace has no descriptor
/// here; then it is not waited for.
void wait_for_end(int pid) {
  const int fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) return;
  pollfd ended{.fd = fd, .events = POLLIN, .revents = 0};
  while (poll(&ended, 1, -1) < 0 && errno == EINTR) {
  }
  close(fd);
}

Error unreachable(int pid) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("cannot signal process {}: {}", pid, std::strerror(errno)),
          .hint = "it belongs to another user, or runs in a container or on another machine"};
}

/// What was done, for people and programs.
int report(const LoadedStudy& loaded, const StopArgs& args, const char* action) {
  const auto& pid = loaded.stored.holder;
  const Format format = args.of.look.format;
  if (format == Format::json) {
    print_json({{"study", loaded.name()},
                {"pid", pid ? nlohmann::ordered_json(*pid) : nlohmann::ordered_json()},
                {"action", action}});
  } else if (format == Format::csv) {
    print(csv_line({"study", "pid", "action"}));
    print(csv_line({loaded.name(), pid ? std::to_string(*pid) : "", action}));
  }
  return kDone;
}

int stop_running(const LoadedStudy& loaded, const StopArgs& args, int pid) {
  const Format format = args.of.look.format;
  if (kill(pid, args.now ? SIGTERM : SIGINT) != 0) return fail(unreachable(pid), format);
  const auto running = loaded.study().count(TrialState::running);
  note(args.now ? fmt::format("process {} stops {}", pid, counted(running, "running trial"))
                : fmt::format("process {} starts no more trials; {} will finish", pid,
                              counted(running, "running trial")));
  const std::string flags = study_flags(loaded.file, loaded.name());
  if (args.now || args.wait) {
    wait_for_end(pid);
    note(fmt::format("study {} has ended", loaded.name()));
    suggest(format, "hpo status" + flags);
    return report(loaded, args, "ended");
  }
  suggest(format, fmt::format("hpo status{0}, or hpo stop{0} --now", flags));
  return report(loaded, args, "draining");
}

/// The process that ran the study is gone, its trials are not.
int stop_orphans(const LoadedStudy& loaded, const StopArgs& args, const Orphans& orphans) {
  const Format format = args.of.look.format;
  const std::string flags = study_flags(loaded.file, loaded.name());
  note(orphans_text(orphans));
  if (!args.now) {
    suggest(format, fmt::format("hpo run FILE (goes on with them), or hpo stop{} --now (ends them)",
                                flags));
    return report(loaded, args, "none");
  }
  if (auto ended = execution::end_attempts(orphans, CancelReason::stop_and_resume_later); !ended) {
    return fail(ended.error(), format);
  }
  note(fmt::format("ended {}; the next run goes on with what they saved",
                   counted(static_cast<std::int64_t>(orphans.size()), "trial")));
  suggest(format, "hpo run FILE, or hpo status" + flags);
  return report(loaded, args, "ended");
}

}  // namespace

int run_stop(const StopArgs& args) {
  const Format format = args.of.look.format;
  const auto loaded = load_study(args.of.look.storage, args.of.study);
  if (!loaded) return fail(loaded.error(), format);
  if (loaded->stored.holder) return stop_running(*loaded, args, *loaded->stored.holder);
  note(fmt::format("study {} is not running ({})", loaded->name(),
                   study_state(loaded->stored.holder, loaded->stored.progress.stop_reason)));
  const Orphans orphans = orphans_of(*loaded);
  if (!orphans.empty()) return stop_orphans(*loaded, args, orphans);
  return report(*loaded, args, "none");
}

}  // namespace hpo::cli
