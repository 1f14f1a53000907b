#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hpo {

/// A child of the test: in a process group of its own, its output in a pipe, killed at the end.
class ChildProcess {
 public:
  struct Options {
    std::filesystem::path input = "/dev/null";
    std::vector<std::string> environment = {};  ///< added to the test's own
    bool traced = false;  ///< stops after exec, to be led by kill_at_system_call
  };
  ChildProcess(const std::vector<std::string>& words, const Options& options);
  explicit ChildProcess(const std::vector<std::string>& words) : ChildProcess(words, Options()) {}
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// The next line of its output; empty at the end.
  std::string read_line() const;
  /// SIGKILL to it, or to its whole group; returns when it is gone.
  void kill_now(bool whole_group = false);
  /// Waits for its end; its exit code, or minus the signal.
  int wait();

  /// Waits until a traced child has stopped itself by SIGSTOP.
  void wait_for_stop() const;
  /// Lets a stopped, traced child make so many system calls (entries and exits count) and kills it
  /// there. Returns whether it still lived.
  bool kill_at_system_call(int count);

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  bool is_gone_ = false;
};

/// Waits until no supervisor holds the trial's folder.
void wait_for_supervisor(const std::filesystem::path& root);

}  // namespace hpo
