#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace hpo::cli {

/// A fifo at which trials wait (`read line < gate`) until the test lets one through.
///
/// One line end passes one trial: a shell reads byte by byte, so no two of them share a line. The
/// test holds both ends, so nobody waits for the fifo to be opened.
class Gate {
 public:
  explicit Gate(const std::filesystem::path& file) {
    EXPECT_EQ(mkfifo(file.c_str(), 0600), 0);
    fd_ = open(file.c_str(), O_RDWR | O_CLOEXEC);
    EXPECT_GE(fd_, 0);
  }
  ~Gate() { close(fd_); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void let_through(int trials = 1) const {
    for (int i = 0; i < trials; ++i) EXPECT_EQ(write(fd_, "\n", 1), 1);
  }

  /// Waits until so many programs have written a line end (`echo > gate`).
  void await(int programs) const {
    for (int i = 0; i < programs; ++i) {
      char line_end = 0;
      EXPECT_EQ(read(fd_, &line_end, 1), 1);
    }
  }

 private:
  int fd_ = -1;
};

}  // namespace hpo::cli
