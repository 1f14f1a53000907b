#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>

#include "objectives/error.h"

namespace boost::asio {
class io_context;
}

namespace hpo::cli {

/// Calls a function again and again on the io_context until cancelled.
class Ticker {
 public:
  Ticker(boost::asio::io_context& io, std::chrono::milliseconds interval,
         std::function<void()> tick);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  void cancel();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What a coroutine threw, as an error: a defect, or memory that ran out.
Error internal_error(const std::exception_ptr& thrown);

}  // namespace hpo::cli
