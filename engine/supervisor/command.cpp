#include "engine/supervisor/command.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace hpo::supervision {
namespace {

/// What the child says through its pipe, which closes by itself once the program runs.
struct Failure {
  StartStep step = StartStep::none;
  int error = 0;
};

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  // execvp and environ take char* for history's sake; nobody writes through them.
  for (const auto& word : words) list.push_back(const_cast<char*>(word.c_str()));  // NOLINT
  list.push_back(nullptr);
  return list;
}

bool redirect(const char* file, int flags, int target) {
  const int descriptor = open(file, flags | O_CLOEXEC, 0666);
  return descriptor >= 0 && dup2(descriptor, target) == target;
}

bool open_streams(const std::filesystem::path& log) {
  return redirect("/dev/null", O_RDONLY, STDIN_FILENO) &&
         redirect(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO) &&
         dup2(STDOUT_FILENO, STDERR_FILENO) == STDERR_FILENO;
}

bool pin_to(const std::vector<int>& cpus) {
  if (cpus.empty()) return true;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) {
    if (cpu < 0 || cpu >= CPU_SETSIZE) {
      errno = EINVAL;
      return false;
    }
    CPU_SET(cpu, &set);
  }
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

/// In the child: never returns but with the step that failed.
StartStep become_command(const Job& job, const std::filesystem::path& log, pid_t supervisor) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) _exit(127);  // it died before the line above
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (!open_streams(log)) return StartStep::log;
  if (!pin_to(job.cpus)) return StartStep::cpus;
  if (chdir(job.working_directory.c_str()) != 0) return StartStep::folder;
  std::vector<char*> environment = pointers(job.environment);
  environ = environment.data();  // before execvp, which looks for PATH in it
  const std::vector<char*> words = pointers(job.arguments);
  execvp(words[0], words.data());
  return StartStep::program;
}

}  // namespace

StartedCommand start_command(const Job& job, const std::filesystem::path& root, int attempt) {
  std::array<int, 2> channel{};
  if (pipe2(channel.data(), O_CLOEXEC) != 0)
    return {.failed_step = StartStep::fork, .error = errno};
  const std::filesystem::path log = log_file(root, attempt);
  const pid_t supervisor = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    Failure failure;
    failure.step = become_command(job, log, supervisor);
    failure.error = errno;
    const ssize_t ignored = write(channel[1], &failure, sizeof failure);
    _exit(ignored == sizeof failure ? 127 : 126);
  }
  const int fork_error = errno;
  close(channel[1]);
  Failure failure;
  ssize_t got = 0;
  while (pid > 0 && (got = read(channel[0], &failure, sizeof failure)) < 0 && errno == EINTR) {
  }
  close(channel[0]);
  if (pid < 0) return {.failed_step = StartStep::fork, .error = fork_error};
  setpgid(pid, pid);  // whoever is first: the group must exist before anybody signals it
  if (got != sizeof failure) return {.pid = pid};
  waitpid(pid, nullptr, 0);
  return {.failed_step = failure.step, .error = failure.error};
}

}  // namespace hpo::supervision
