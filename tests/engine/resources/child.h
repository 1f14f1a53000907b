#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "objectives/descriptor.h"

namespace hpo::resources {

/// A real process with pipes at its standard input and output, ended at the latest with the test.
class Child {
 public:
  /// `inherited`: close-on-exec descriptors that it gets all the same, as a supervisor does.
  explicit Child(std::vector<std::string> command, const std::vector<int>& inherited = {}) {
    std::array<int, 2> in = {};
    std::array<int, 2> out = {};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    for (const int descriptor : inherited) {
      posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor);
    }
    std::vector<char*> arguments;
    for (auto& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const int failure =
        posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    in_ = Descriptor(in[1]);
    out_ = Descriptor(out[0]);
    EXPECT_EQ(failure, 0) << command[0];
  }
  ~Child() {
    if (pid_ > 0) kill();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] int pid() const { return pid_; }

  /// The next line of its output, without the end; empty at the end of it.
  std::string read_line() {
    std::string line;
    for (char c = 0; read(out_.get(), &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }

  void write_line(const std::string& line) const {
    const std::string text = line + "\n";
    EXPECT_EQ(::write(in_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  /// It reads the end of its input; returns when it has ended.
  void finish() {
    in_.close();
    wait_for_end();
  }

  void wait_for_end() {
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  void kill() {
    ::kill(pid_, SIGKILL);
    wait_for_end();
  }

 private:
  pid_t pid_ = -1;
  Descriptor in_ = {};
  Descriptor out_ = {};
};

}  // namespace hpo::resources
