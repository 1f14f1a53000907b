#include "engine/cli/signals.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "engine/cli/output.h"

namespace hpo::cli {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

Interrupt next(Interrupt level) {
  switch (level) {
    case Interrupt::none:
      return Interrupt::drain;
    case Interrupt::drain:
      return Interrupt::stop;
    case Interrupt::stop:
    case Interrupt::kill:
      return Interrupt::kill;
  }
  return Interrupt::kill;
}

}  // namespace

struct Signals::Impl {
  Impl(boost::asio::io_context& io, Handlers given) : handlers(std::move(given)), set(io) {
    set.add(SIGINT);
    set.add(SIGTERM);
    if (!is_ignored(SIGHUP)) set.add(SIGHUP);
    if (handlers.suspend) set.add(SIGTSTP);
  }

  void wait() {
    set.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      wait();
      handle(signal);
    });
  }

  void handle(int signal) {
    if (signal == SIGTSTP) {
      handlers.suspend();
      kill(getpid(), SIGSTOP);
      handlers.resume();
      return;
    }
    if (code == 0) code = signal == SIGINT ? kInterrupted : kTerminated;
    level = signal == SIGINT ? next(level) : std::max(level, Interrupt::stop);
    handlers.interrupt(level);
  }

  Handlers handlers;
  boost::asio::signal_set set;
  Interrupt level = Interrupt::none;
  int code = 0;
};

Signals::Signals(boost::asio::io_context& io, Handlers handlers)
    : impl_(std::make_unique<Impl>(io, std::move(handlers))) {
  impl_->wait();
}

Signals::~Signals() = default;

void Signals::cancel() { impl_->set.cancel(); }
Interrupt Signals::level() const { return impl_->level; }
int Signals::exit_code() const { return impl_->code; }

}  // namespace hpo::cli
