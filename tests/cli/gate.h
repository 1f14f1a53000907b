#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace hpo::cli {

/// A fifo at which trials wait (`read line < gate`) until the test lets one through.
class Gate {
 public:
  explicit Gate(std::filesystem::path file) : file_(std::move(file)) {
    EXPECT_EQ(mkfifo(file_.c_str(), 0600), 0);
  }

  /// Waits until a trial stands there.
  void let_through() const {
    const int fd = open(file_.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    EXPECT_EQ(write(fd, "go\n", 3), 3);
    close(fd);
  }

 private:
  std::filesystem::path file_;
};

}  // namespace hpo::cli
