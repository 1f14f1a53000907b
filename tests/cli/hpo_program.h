#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/temp_folder.h"

namespace hpo::cli {

/// How a run of `hpo` ended.
struct Ended {
  int code = -1;  ///< exit code; 128 + signal
  std::string out = {};
  std::string err = {};

  /// stdout as JSON; fails the test where it is none.
  [[nodiscard]] nlohmann::json json() const;
  /// stdout's lines.
  [[nodiscard]] std::vector<std::string> lines() const;
};

using Environment = std::map<std::string, std::string>;

/// A running `hpo` of which a test sees everything: its output through pipes, or all of it through
/// a terminal of its own.
class Process {
 public:
  enum class Io { pipes, terminal };

  Process(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
          Io io = Io::pipes, const Environment& environment = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Reads on until stdout and stderr together hold `text` once more behind what was found before.
  /// False at their end.
  bool read_until(const std::string& text);
  /// Reads to the end and waits.
  Ended wait();
  void signal(int number) const;
  /// Types on its terminal.
  void type(const std::string& text) const;
  void resize(int columns, int rows) const;
  [[nodiscard]] int pid() const { return pid_; }
  [[nodiscard]] const std::string& seen() const { return all_; }

 private:
  bool read_some();
  int pid_ = -1;
  int out_ = -1;
  int err_ = -1;  ///< -1 with a terminal
  std::string all_ = {};
  std::string out_text_ = {};
  std::string err_text_ = {};
  std::size_t found_ = 0;
};

/// A folder in which a test runs `hpo`.
class TestFolder : public TempFolder {
 public:
  void write(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string read(const std::string& name) const;

  /// Runs `hpo` here to its end.
  [[nodiscard]] Ended hpo(const std::vector<std::string>& arguments,
                          const Environment& environment = {}) const;
  /// The same through `sh -c`, with $HPO as the program.
  [[nodiscard]] Ended shell(const std::string& line) const;
};

/// Command lines of the processes that name the folder or work in it.
std::vector<std::string> processes_of(const TestFolder& folder);

/// A study of the built-in Branin function; `limits` and `rest` as YAML.
std::string branin_file(const std::string& limits = "{trials: 8}", const std::string& rest = {});

/// A study of `script` (POSIX shell), whose metric is `loss: NUMBER`.
std::string script_file(const std::string& limits, const std::string& rest = {});

}  // namespace hpo::cli
