#include "engine/execution/supervisor_process.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string>

#include "engine/execution/files.h"
#include "engine/execution/process_handle.h"
#include "engine/supervisor/lock.h"

namespace hpo::execution {
namespace {

namespace fs = std::filesystem;

/// posix_spawn's two objects, in the way their user reads.
class SpawnSetup {
 public:
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  /// A session of its own, all signals as by default, and blocked until it is ready for them.
  void detach() {
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  void connect(int input) {
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
      posix_spawn_file_actions_addopen(&actions_, output, "/dev/null", O_WRONLY, 0);
    }
  }
  /// A descriptor duplicated onto itself loses its close-on-exec mark, in the child only.
  void inherit(int descriptor) {
    posix_spawn_file_actions_adddup2(&actions_, descriptor, descriptor);
  }
  /// Returns 0 or errno.
  int spawn(const fs::path& program, const std::vector<std::string>& words, pid_t& pid) const {
    std::vector<char*> pointers;
    // posix_spawn takes char* for history's sake; nobody writes through them.
    for (const auto& word : words) pointers.push_back(const_cast<char*>(word.c_str()));  // NOLINT
    pointers.push_back(nullptr);
    return posix_spawn(&pid, program.c_str(), &actions_, &attributes_, pointers.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_ = {};
  posix_spawnattr_t attributes_ = {};
};

/// The job as a file that only the supervisor can read, in memory: it holds the whole environment,
/// keys and passwords too. Each supervisor has its own, so it runs what its engine decided.
Descriptor job_text(const supervision::Job& job) {
  Descriptor file(memfd_create("job", MFD_CLOEXEC));
  if (!file) return {};
  if ((errno = supervision::write_all(file.get(), supervision::encode(job))) != 0) return {};
  if (lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return file;
}

Error cannot(const std::string& what, int error) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("cannot {}: {}", what, std::strerror(error)),
          .hint = hint_for(error)};
}

bool has_variable(const std::string& environment, const std::string& variable) {
  const std::string entry = variable + '\0';
  return environment.starts_with(entry) || environment.find('\0' + entry) != std::string::npos;
}

}  // namespace

Standing standing_of(const fs::path& root, int attempt, const std::string& owner) {
  // Without a descriptor every record looks absent, and an attempt that runs as if it did not.
  const bool has_descriptor = static_cast<bool>(Descriptor(open("/", O_PATH | O_CLOEXEC)));
  if (!has_descriptor) return {.state = Standing::State::unknown};
  // The order matters: a start record and then a free lock mean that its writer is gone, because no
  // other supervisor goes on from there; and whatever it recorded is there by then.
  const auto start = supervision::read_start(root, attempt);
  const auto holder = supervision::lock_holder(root);
  if (start && start->owner != owner) {
    return {.state = Standing::State::foreign, .supervisor = holder.value_or(0)};
  }
  if (holder) return {.state = Standing::State::supervised, .supervisor = *holder};
  if (auto end = supervision::read_exit(root, attempt)) {
    return {.state = Standing::State::ended, .end = *end};
  }
  return {.state = start ? Standing::State::lost : Standing::State::untouched};
}

Descriptor open_supervisor(const fs::path& root, pid_t pid) {
  if (pid <= 0) return {};
  Descriptor process = open_process(pid);
  // It still holds the lock, so the handle is on it and not on a later process of that pid.
  if (process && supervision::lock_holder(root) == pid) return process;
  return {};
}

Result<Descriptor> start_supervisor(const SupervisorStart& start, const supervision::Job& job) {
  const Descriptor input = job_text(job);
  if (!input) return cannot("hand over a job", errno);
  SpawnSetup setup;
  setup.detach();
  setup.connect(input.get());
  std::vector<std::string> words = {start.program.string(), start.root.string(),
                                    std::to_string(start.attempt)};
  for (const int lock : start.locks) {
    setup.inherit(lock);
    words.push_back(std::to_string(lock));
  }
  pid_t pid = 0;
  if (const int error = setup.spawn(start.program, words, pid)) {
    return cannot("start " + start.program.string(), error);
  }
  Descriptor process = open_process(pid);
  if (process) return process;
  const int error = errno;
  kill(pid, SIGKILL);  // its command, if it has one by now, dies with it
  waitpid(pid, nullptr, 0);
  return cannot("watch a process", error);
}

bool tell_to_stop(int process, supervision::Stop reason) {
  const bool at_once = reason == supervision::Stop::kill;
  siginfo_t info{};
  info.si_signo = at_once ? SIGUSR1 : SIGTERM;
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_uid = getuid();
  info.si_value.sival_int = static_cast<int>(reason);
  return send_signal(process, info.si_signo, &info);
}

std::optional<int> take_status(int process) {
  siginfo_t info{};
  if (waitid(P_PIDFD, static_cast<id_t>(process), &info, WEXITED | WNOHANG) != 0 ||
      info.si_pid == 0)
    return std::nullopt;
  return info.si_code == CLD_EXITED ? info.si_status : 0;
}

int kill_leftovers(const fs::path& root, int attempt) {
  DIR* const processes = opendir("/proc");
  if (processes == nullptr) return 0;
  int count = 0;
  while (const dirent* entry = readdir(processes)) {
    const std::string name = entry->d_name;  // NOLINT: an array that ends with NUL
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc()) continue;
    const Descriptor process = open_process(pid);
    const auto environment = supervision::read_file("/proc/" + name + "/environ");
    if (!process || !environment) continue;
    if (!has_variable(*environment, "SAGEMAKER_BASE_DIR=" + root.string())) continue;
    if (!has_variable(*environment, "HPO_ATTEMPT=" + std::to_string(attempt))) continue;
    if (send_signal(process.get(), SIGKILL, nullptr)) ++count;
  }
  closedir(processes);
  return count;
}

}  // namespace hpo::execution
