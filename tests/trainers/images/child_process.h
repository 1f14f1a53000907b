#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "objectives/error.h"

namespace hpo {

/// A forked process that runs `work` and exits with what it returns.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<int()>& work) : pid_(fork()) {
    check(pid_ >= 0, "cannot fork");
    if (pid_ == 0) _exit(work());
  }
  ~ChildProcess() {
    if (pid_ > 0) kill_and_wait();
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ChildProcess(ChildProcess&& other) noexcept : pid_(other.pid_) { other.pid_ = 0; }

  /// Its exit status, or minus the signal that ended it.
  int wait() {
    int status = 0;
    check(waitpid(pid_, &status, 0) == pid_, "cannot wait for a child");
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int kill_and_wait() {
    kill(pid_, SIGKILL);
    return wait();
  }

 private:
  pid_t pid_;
};

/// A pipe through which one process lets another one go on.
class Gate {
 public:
  Gate() { check(pipe2(ends_, O_CLOEXEC) == 0, "cannot make a pipe"); }
  ~Gate() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void open() { check(write(ends_[1], "x", 1) == 1, "cannot open the gate"); }
  void wait() {
    char byte = 0;
    check(read(ends_[0], &byte, 1) == 1, "the gate's other side is gone");
  }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace hpo
