// hpo-supervisor FOLDER ATTEMPT [DESCRIPTOR...] < JOB
//
// Runs one attempt of one trial and writes down how it ended. It outlives the engine that started
// it, and it is the arbiter: of any number of supervisors for the same attempt exactly one runs the
// command, and none does once it was started. The descriptors hold locks on devices; they stay open
// till the supervisor's end and are seen by no other process. Its exit status is 0, also if there
// was nothing to do, or the errno that kept it from beginning or from recording the end.

#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/supervisor/command.h"
#include "engine/supervisor/descendants.h"
#include "engine/supervisor/lock.h"
#include "engine/supervisor/oom_kills.h"
#include "engine/supervisor/record_writer.h"
#include "engine/supervisor/records.h"
#include "engine/supervisor/watch.h"

namespace {

namespace fs = std::filesystem;
using namespace hpo::supervision;

/// Descriptors that the engine, or a library in it, forgot to mark: a trial that outlives the
/// engine must not hold its pipes and files.
void close_all_but(const std::vector<int>& locks) {
  std::vector<int> strays;
  DIR* const list = opendir("/proc/self/fd");
  if (list == nullptr) return;
  while (const dirent* entry = readdir(list)) {
    const int descriptor = std::atoi(entry->d_name);  // NOLINT: "." and ".." give 0
    const bool is_lock = std::find(locks.begin(), locks.end(), descriptor) != locks.end();
    if (descriptor > STDERR_FILENO && descriptor != dirfd(list) && !is_lock) {
      strays.push_back(descriptor);
    }
  }
  closedir(list);
  for (const int descriptor : strays) close(descriptor);
  for (const int descriptor : locks) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Field 22 of /proc/self/stat: the 20th after the name's bracket.
std::uint64_t own_start_ticks() {
  const std::string stat = read_file("/proc/self/stat").value_or("");
  auto at = stat.rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = stat.find(' ', at + 1);
  return at == std::string::npos ? 0 : std::strtoull(stat.c_str() + at, nullptr, 10);
}

StartRecord start_record(const std::string& owner) {
  std::string boot = read_file("/proc/sys/kernel/random/boot_id").value_or("");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  return {.owner = owner,
          .pid = getpid(),
          .ticks = own_start_ticks(),
          .boot = boot,
          .started_ns = now_ns()};
}

/// Removes what an earlier attempt left; of a folder its content. Returns 0 or errno.
int remove_leftovers(const Job& job, const fs::path& root) {
  std::error_code error;
  for (const auto& path : job.removals) {
    if (!fs::is_directory(fs::symlink_status(root / path, error))) {
      fs::remove(root / path, error);
      if (error) return error.value();
      continue;
    }
    for (fs::directory_iterator at(root / path, error), end; !error && at != end;
         at.increment(error)) {
      fs::remove_all(at->path(), error);
      if (error) break;
    }
    if (error) return error.value();
  }
  return 0;
}

ExitRecord run_command(const Job& job, const fs::path& root, int attempt, std::int64_t started_ns) {
  ExitRecord record{.started_ns = started_ns};
  const std::int64_t oom_kills_before = oom_kills();
  const StartedCommand command = start_command(job, root, attempt);
  record.failed_step = command.failed_step;
  record.error = command.error;
  if (command.pid > 0) watch(command.pid, job, record);
  kill_descendants();
  record.oom_kills = oom_kills() - oom_kills_before;
  record.ended_ns = now_ns();
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  record.cpu_s = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  record.max_rss_kib = usage.ru_maxrss;
  return record;
}

int supervise(const fs::path& root, int attempt, const Job& job) {
  const int lock = take_lock(root);
  if (lock == -EAGAIN) return 0;  // another supervisor runs it
  if (lock < 0) return -lock;
  if (read_start(root, attempt)) return 0;  // it was run, to whatever end
  ExitRecordWriter writer;
  if (const int error = writer.reserve(root, attempt)) return error;
  if (const int error = remove_leftovers(job, root)) return error;
  const StartRecord start = start_record(job.owner);
  if (const int error = write_start(root, attempt, start)) return error;
  return writer.write(run_command(job, root, attempt, start.started_ns));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() < 3) return EINVAL;
  const int attempt = std::atoi(words[2].c_str());  // NOLINT: the engine wrote it
  std::vector<int> locks;
  for (std::size_t i = 3; i < words.size(); ++i) {
    locks.push_back(std::atoi(words[i].c_str()));  // NOLINT: the engine wrote it
  }
  block_signals();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  close_all_but(locks);
  const auto text = read_all(STDIN_FILENO);
  const auto job = text ? decode_job(*text) : std::nullopt;
  if (!job) return EBADMSG;
  if (chdir(words[1].c_str()) != 0) return errno;
  return supervise(words[1], attempt, *job);
}
