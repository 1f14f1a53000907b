#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace hpo::test {

/// Runs `body` in a forked process and returns what it returned: what went wrong, empty if nothing.
/// A process of its own may change its user, mounts and limits, and meets locks as a stranger does.
std::string in_child(const std::function<std::string()>& body);

/// As in_child, without the right to write what root owns: as nobody, if the tests run as root.
std::string as_nobody(const std::function<std::string()>& body);

/// A forked process that talks back, line by line, and waits to be told to go on.
class Child {
 public:
  class Voice {
   public:
    Voice(int out, int in) : out_(out), in_(in) {}
    void say(const std::string& line) const;
    /// Blocks until go_on(), or until the parent is gone.
    void wait() const;

   private:
    int out_;
    int in_;
  };

  explicit Child(const std::function<void(const Voice&)>& body);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Kills it, if it still runs.
  ~Child();

  /// The next line it says; empty once it has ended.
  std::string hear();
  void go_on() const;
  void kill_now();
  /// Its exit code, or -signal.
  int join();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int from_child_ = -1;
  int to_child_ = -1;
  std::string buffer_;
  bool is_joined_ = false;
};

}  // namespace hpo::test
