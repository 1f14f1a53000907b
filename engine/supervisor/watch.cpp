#include "engine/supervisor/watch.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>

namespace hpo::supervision {
namespace {

using Clock = std::chrono::steady_clock;

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGTERM, SIGUSR1, SIGINT, SIGHUP, SIGQUIT, SIGPIPE}) {
    sigaddset(&set, signal);
  }
  return set;
}

Clock::time_point after(double seconds) {
  constexpr double kYear = 365.0 * 86400;  // more overflows the clock
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(
                            std::chrono::duration<double>(std::min(seconds, kYear)));
}

class Watch {
 public:
  Watch(pid_t command, const Job& job, ExitRecord& record)
      : command_(command), job_(job), record_(record) {
    if (job.timeout_s > 0) timeout_at_ = after(job.timeout_s);
  }

  void run() {
    while (true) {
      reap();
      if (has_ended()) return;
      take_signal();
      const auto now = Clock::now();
      if (timeout_at_ && now >= *timeout_at_) {
        timeout_at_.reset();
        record_.timed_out = record_.stop == Stop::none;
        begin_stop();
      }
      if (kill_at_ && now >= *kill_at_) kill_now();
    }
  }

 private:
  void reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid != command_) continue;  // an orphan that became ours
      is_reaped_ = true;
      if (WIFSIGNALED(status)) record_.signal = WTERMSIG(status);
      if (WIFEXITED(status)) record_.code = WEXITSTATUS(status);
    }
  }

  /// A command that is told to stop may be a shell that dies at once while the program it started
  /// still writes its checkpoint: its group has the whole grace period.
  [[nodiscard]] bool has_ended() const {
    return is_reaped_ && (!kill_at_ || kill(-command_, 0) != 0);
  }

  void take_signal() {
    std::optional<Clock::time_point> until = timeout_at_;
    if (kill_at_ && (!until || *kill_at_ < *until)) until = kill_at_;
    const sigset_t set = watched_signals();
    siginfo_t info{};
    if (!until) {
      if (sigwaitinfo(&set, &info) > 0) handle(info);
      return;
    }
    const auto left = std::max(*until - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec wait{};
    wait.tv_sec = seconds.count();
    wait.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
    if (sigtimedwait(&set, &info, &wait) > 0) handle(info);
  }

  void handle(const siginfo_t& info) {
    if (info.si_signo != SIGTERM && info.si_signo != SIGUSR1) return;
    const bool at_once = info.si_signo == SIGUSR1;
    // The engine says why in the signal's value; anybody else's signal carries none.
    const int word = info.si_code == SI_QUEUE ? info.si_value.sival_int : 0;
    if (!record_.timed_out && record_.stop != Stop::pruned) {
      record_.stop = at_once                                  ? Stop::kill
                     : word == static_cast<int>(Stop::pruned) ? Stop::pruned
                     : word == static_cast<int>(Stop::resume) ? Stop::resume
                                                              : Stop::signal;
    }
    if (at_once) {
      kill_now();
    } else {
      begin_stop();
    }
  }

  void begin_stop() {
    if (kill_at_ || record_.killed) return;
    kill_at_ = after(job_.grace_s);
    if (job_.grace_s <= 0) return;
    send(SIGTERM);
    send(SIGCONT);  // a stopped one could not act on it
  }

  void kill_now() {
    kill_at_.reset();
    record_.killed = true;
    send(SIGKILL);
  }

  void send(int signal) const {
    kill(-command_, signal);
    // Not reaped yet, so the pid is still its own, wherever its group is now.
    if (!is_reaped_ && getpgid(command_) != command_) kill(command_, signal);
  }

  pid_t command_;
  const Job& job_;
  ExitRecord& record_;
  bool is_reaped_ = false;
  std::optional<Clock::time_point> timeout_at_ = {};
  std::optional<Clock::time_point> kill_at_ = {};
};

}  // namespace

void block_signals() {
  const sigset_t set = watched_signals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

void watch(pid_t command, const Job& job, ExitRecord& record) { Watch(command, job, record).run(); }

}  // namespace hpo::supervision
