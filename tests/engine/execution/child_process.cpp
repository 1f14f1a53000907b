#include "tests/engine/execution/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "engine/execution/process_handle.h"
#include "engine/supervisor/lock.h"

namespace hpo {

ChildProcess::ChildProcess(const std::vector<std::string>& words, const Options& options) {
  std::vector<char*> pointers;
  for (const auto& word : words) pointers.push_back(const_cast<char*>(word.c_str()));  // NOLINT
  pointers.push_back(nullptr);
  std::array<int, 2> pipe{};
  EXPECT_EQ(pipe2(pipe.data(), O_CLOEXEC), 0);
  pid_ = fork();
  if (pid_ == 0) {
    setpgid(0, 0);
    dup2(open(options.input.c_str(), O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    dup2(pipe[1], STDOUT_FILENO);
    for (const auto& entry : options.environment) {
      putenv(const_cast<char*>(entry.c_str()));  // NOLINT: exec follows
    }
    if (options.traced) ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execv(pointers[0], pointers.data());
    _exit(127);
  }
  setpgid(pid_, pid_);
  close(pipe[1]);
  output_ = pipe[0];
}

ChildProcess::~ChildProcess() {
  if (!is_gone_) kill_now();
  close(output_);
}

std::string ChildProcess::read_line() const {
  std::string line;
  for (char c = 0; read(output_, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

void ChildProcess::kill_now(bool whole_group) {
  kill(whole_group ? -pid_ : pid_, SIGKILL);
  wait();
}

int ChildProcess::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) == pid_ && WIFSTOPPED(status)) {
    ptrace(PTRACE_CONT, pid_, nullptr, nullptr);
  }
  is_gone_ = true;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void ChildProcess::wait_for_stop() const {
  int status = 0;
  EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
  EXPECT_TRUE(WIFSTOPPED(status));
}

bool ChildProcess::kill_at_system_call(int count) {
  for (int i = 0; i < count; ++i) {
    int status = 0;
    ptrace(PTRACE_SYSCALL, pid_, nullptr, nullptr);
    if (waitpid(pid_, &status, 0) == pid_ && WIFSTOPPED(status)) continue;
    is_gone_ = true;
    return false;
  }
  kill_now();
  return true;
}

void wait_for_supervisor(const std::filesystem::path& root) {
  while (const auto holder = supervision::lock_holder(root)) {
    const Descriptor process = execution::open_process(*holder);
    pollfd waited{.fd = process.get(), .events = POLLIN, .revents = 0};
    if (process) poll(&waited, 1, -1);
  }
}

}  // namespace hpo
