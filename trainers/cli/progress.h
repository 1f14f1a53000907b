#pragma once

#include <chrono>
#include <cstddef>

namespace hpo::cli {

/// How far many photos are, on stderr: one line that changes on a terminal, else a line now and
/// then.
class Progress {
 public:
  explicit Progress(std::size_t photos);

  void step();
  /// Ends the line on a terminal.
  void finish();
  /// Since the start.
  [[nodiscard]] double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  std::size_t photos_;
  std::size_t done_ = 0;
  bool is_terminal_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point shown_ = began_;
};

}  // namespace hpo::cli
