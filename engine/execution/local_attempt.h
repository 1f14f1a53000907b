#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>

#include "engine/execution/attempt_log.h"
#include "engine/execution/log_watch.h"
#include "engine/executor.h"
#include "engine/supervisor/records.h"
#include "objectives/descriptor.h"

namespace hpo::execution {

/// One attempt while it runs: follows its supervisor and its log. Used on one thread.
class LocalAttempt {
 public:
  LocalAttempt(const boost::asio::any_io_executor& executor, std::shared_ptr<LogWatch> watch,
               AttemptLog log, ReportFn report);
  ~LocalAttempt();
  LocalAttempt(const LocalAttempt&) = delete;
  LocalAttempt& operator=(const LocalAttempt&) = delete;

  /// Delivers reports until the supervisor has ended. A cancelled coroutine leaves it running.
  boost::asio::awaitable<void> follow(Descriptor supervisor);
  /// Delivers what is left in the log of an attempt that has ended.
  boost::asio::awaitable<void> read_rest();
  /// Waits for so long.
  boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

  /// Ends the attempt, now or as soon as it is followed.
  void stop(supervision::Stop reason);
  [[nodiscard]] supervision::Stop stop_reason() const;

  AttemptLog& log();
  /// Exit status of the supervisor that was followed last, if this process started it: 0 or errno.
  [[nodiscard]] std::optional<int> supervisor_status() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hpo::execution
