#pragma once

#include <functional>
#include <memory>

#include "engine/scheduler.h"

namespace boost::asio {
class io_context;
}

namespace hpo::cli {

/// The signals of a running study. SIGINT: drain, then stop, then kill. SIGTERM and SIGHUP: stop.
/// A SIGHUP that was ignored at the start (nohup) stays ignored; SIGINT does not (a shell ignores
/// it for background jobs, and `hpo stop` sends it).
class Signals {
 public:
  struct Handlers {
    std::function<void(Interrupt)> interrupt = {};
    std::function<void()> suspend = {};  ///< before Ctrl-Z stops the process
    std::function<void()> resume = {};   ///< after it goes on
  };

  Signals(boost::asio::io_context& io, Handlers handlers);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Forgets the signals, so that the io_context can run out of work.
  void cancel();
  [[nodiscard]] Interrupt level() const;
  /// The exit code of the signal that came first: 130 or 143; 0 where none came.
  [[nodiscard]] int exit_code() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hpo::cli
