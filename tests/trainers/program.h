#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hpo {

using Variables = std::map<std::string, std::string>;

/// `hpo-model` with arguments, started with its output to this process.
class Program {
 public:
  enum class Errors { kept, nobody_reads };

  /// stderr goes to a file that `errors()` reads, or to a pipe whose reader is gone. Variables are
  /// added to this process' own.
  Program(const std::vector<std::string>& arguments, const Variables& variables,
          Errors errors = Errors::kept);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// The next line of stdout; nothing at its end.
  std::optional<std::string> read_line();
  void send(int signal) const;
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Reads the rest and waits: the exit status, or minus the signal that ended it.
  int wait();
  /// All of stdout that read_line did not take; after wait().
  [[nodiscard]] const std::string& output() const { return output_; }
  [[nodiscard]] std::string errors() const;

 private:
  pid_t pid_ = 0;
  int out_ = -1;
  int err_ = -1;
  std::string output_ = {};
};

/// What a program that ran to its end left.
struct Finished {
  int status = 0;
  std::string output = {};
  std::string errors = {};
};

Finished run_program(const std::vector<std::string>& arguments, const Variables& variables = {});

}  // namespace hpo
