#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <functional>
#include <memory>

namespace hpo::execution {

/// Tells when files grow: one inotify instance for all trials of an executor. A file is watched for
/// one change at a time, so a program that prints without pause costs no more than one that pauses.
class LogWatch {
 public:
  /// Null where the system has no inotify instance left: the caller polls then.
  static std::shared_ptr<LogWatch> make(const boost::asio::any_io_executor& executor);

  virtual ~LogWatch() = default;
  /// Calls on_change once, at the file's next change. Returns a handle ≥ 0, or −1 where it cannot
  /// be watched.
  virtual int arm(const std::filesystem::path& file, std::function<void()> on_change) = 0;
  /// Forgets an armed watch, whether or not it has fired.
  virtual void disarm(int handle) = 0;
};

}  // namespace hpo::execution
