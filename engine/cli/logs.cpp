// hpo logs: what a trial wrote, also while it writes.

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/cli/study_access.h"
#include "engine/cli/table.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_selection.h"
#include "engine/cli/verbs.h"
#include "engine/log_tail.h"
#include "engine/trial_directory.h"
#include "objectives/csv.h"
#include "objectives/descriptor.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// How long a quiet log goes unlooked at: the trial's end shows in the database, not in the log.
constexpr int kLook_ms = 300;

Error unreadable(const fs::path& log) {
  return {
      .code = ErrorCode::environment,
      .message = fmt::format("cannot read {}: {}", printable(log.string()), std::strerror(errno))};
}

/// Copies what is there from the descriptor's offset on; to a terminal only what cannot harm it.
/// False where nobody reads any more.
bool copy_rest(int fd) {
  static const bool is_terminal = isatty(STDOUT_FILENO) == 1;
  std::array<char, 65536> buffer{};
  for (ssize_t n = read(fd, buffer.data(), buffer.size()); n > 0;
       n = read(fd, buffer.data(), buffer.size())) {
    const std::string_view text(buffer.data(), static_cast<std::size_t>(n));
    print(is_terminal ? tame(text) : std::string(text));
    if (is_output_closed()) return false;
  }
  flush_output();
  return !is_output_closed();
}

enum class Wake { grew, quiet, unread };

/// Waits until the log grows, some time passes, or nobody reads stdout any more.
Wake wait_for_more(int inotify) {
  std::array<pollfd, 2> watched{pollfd{.fd = inotify, .events = POLLIN, .revents = 0},
                                pollfd{.fd = STDOUT_FILENO, .events = 0, .revents = 0}};
  if (poll(watched.data(), watched.size(), kLook_ms) <= 0) return Wake::quiet;
  if ((watched[1].revents & (POLLERR | POLLHUP)) != 0) return Wake::unread;
  std::array<char, 4096> events{};
  return read(inotify, events.data(), events.size()) > 0 ? Wake::grew : Wake::quiet;
}

/// A trial and whether anything may still be written to its log.
struct Standing {
  int attempt = 1;
  bool may_write = true;
};

Result<Standing> standing_of(const LoadedStudy& loaded, std::int64_t number) {
  const auto stored = loaded.reader->load(loaded.name());
  if (!stored) return stored.error();
  const auto& trials = stored->study.trials;
  if (number >= static_cast<std::int64_t>(trials.size())) return Standing{.may_write = false};
  const Trial& trial = *trials[static_cast<std::size_t>(number)];
  const bool is_waiting = trial.state == TrialState::waiting && stored->holder;
  return Standing{.attempt = trial.attempt,
                  .may_write = trial.state == TrialState::running || is_waiting};
}

/// One attempt's log, opened as soon as it is there.
class FollowedLog {
 public:
  FollowedLog(fs::path file, int inotify, off_t offset)
      : file_(std::move(file)), inotify_(inotify), offset_(offset) {}

  /// Prints what is new. False where nobody reads any more.
  bool copy() {
    if (!log_) {
      const int fd = open(file_.c_str(), O_RDONLY | O_CLOEXEC);
      if (fd < 0) return true;
      log_.emplace(fd);
      inotify_add_watch(inotify_, file_.c_str(), IN_MODIFY);
      lseek(fd, offset_, SEEK_SET);
    }
    return copy_rest(log_->get());
  }

 private:
  fs::path file_;
  int inotify_;
  off_t offset_;
  std::optional<Descriptor> log_;
};

/// Prints the log from `offset` on until the trial has ended, and those of its later attempts.
int follow(const LoadedStudy& loaded, std::int64_t number, int attempt, off_t offset) {
  const TrialDirectory folder = trial_directory(loaded.folder(), number);
  const Descriptor inotify(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  for (;; ++attempt, offset = 0) {
    FollowedLog log(folder.log(attempt), inotify.get(), offset);
    Standing standing{.attempt = attempt};
    while (standing.attempt == attempt && standing.may_write) {
      if (!log.copy()) return kDone;
      const Wake wake = wait_for_more(inotify.get());
      if (wake == Wake::unread) return kDone;
      if (wake == Wake::grew) continue;
      const auto now = standing_of(loaded, number);
      if (!now) return fail(now.error(), Format::table);
      standing = *now;
    }
    // What was written between the last look and the end.
    if (!log.copy() || standing.attempt <= attempt) return kDone;
    note(fmt::format("-- attempt {} --", attempt + 1));
  }
}

int print_structured(const Trial& trial, int attempt, const fs::path& log, const LogsArgs& args) {
  const auto lines = last_lines(log, static_cast<std::size_t>(args.lines.value_or(10'000)));
  if (args.look.format == Format::csv) {
    print(csv_line({"line"}));
    for (const auto& line : lines) print(csv_line({line}));
    return kDone;
  }
  print_json({{"number", trial.number},
              {"attempt", attempt},
              {"log", fs::absolute(log).lexically_normal().string()},
              {"lines", lines}});
  return kDone;
}

/// Where the last `lines` lines of the file begin.
off_t offset_of_tail(const fs::path& log, int lines) {
  std::error_code error;
  const auto size = static_cast<off_t>(fs::file_size(log, error));
  off_t length = 0;
  for (const auto& line : last_lines(log, static_cast<std::size_t>(lines))) {
    length += static_cast<off_t>(line.size()) + 1;
  }
  return error ? 0 : std::max<off_t>(0, size - length);
}

int print_log(const fs::path& log, off_t offset) {
  const Descriptor file(open(log.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fail(unreadable(log), Format::table);
  lseek(file.get(), offset, SEEK_SET);
  copy_rest(file.get());
  return kDone;
}

Error no_log(const LoadedStudy& loaded, const Trial& trial, const fs::path& log) {
  std::string hint = "an in-process objective writes none; a removed trial folder took it along";
  if (trial.state == TrialState::waiting) hint = "the trial has not started; -f waits for it";
  return {.code = ErrorCode::not_found,
          .message = fmt::format("trial {} of study {} has no log {}", trial.number, loaded.name(),
                                 printable(log.filename().string())),
          .hint = hint};
}

}  // namespace

int run_logs(const LogsArgs& args) {
  const Format format = args.look.format;
  if (args.follow && format != Format::table) {
    return fail({.message = "-f prints the log as it is written: no --format"}, format);
  }
  const auto named = load_words(args.look.storage, args.words);
  if (!named) return fail(named.error(), format);
  const LoadedStudy& loaded = named->loaded;
  if (named->trials.size() != 1) {
    return fail({.message = "which trial?",
                 .hint = fmt::format("hpo logs {} last, best, or 7", loaded.name())},
                format);
  }
  const auto trial = select_trial(loaded.study(), named->trials.front());
  if (!trial) return fail(trial.error(), format);
  const int attempt = args.attempt.value_or((*trial)->attempt);
  const fs::path log = trial_directory(loaded.folder(), (*trial)->number).log(attempt);
  std::error_code error;
  const bool exists = fs::exists(log, error);
  if (!exists && !(args.follow && !is_finished((*trial)->state))) {
    return fail(no_log(loaded, **trial, log), format);
  }
  if (format != Format::table) return print_structured(**trial, attempt, log, args);
  const off_t offset = exists && args.lines ? offset_of_tail(log, *args.lines) : 0;
  if (args.follow) return follow(loaded, (*trial)->number, attempt, offset);
  return print_log(log, offset);
}

}  // namespace hpo::cli
