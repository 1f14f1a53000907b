#pragma once

#include <sys/types.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/aws/client.h"
#include "engine/tuning_config.h"
#include "tests/support/temp_folder.h"

namespace hpo {

/// Keeps what a coroutine returns.
template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>& result) {
  result.emplace(co_await std::move(work));
}

/// Runs a coroutine to its end.
template <class T>
T finish(boost::asio::io_context& io, boost::asio::awaitable<T> work) {
  std::optional<T> result;
  boost::asio::co_spawn(io, keep(std::move(work), result), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  io.restart();
  io.run();
  return std::move(result.value());
}

/// `sagemaker:` of a file for the stand-in; its bucket `bkt` must be made.
SageMakerSpec sagemaker_spec();

/// AWS as tests/aws_stand_in plays it, in a process of its own on a port of its own.
class StandIn {
 public:
  StandIn();
  ~StandIn();
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  [[nodiscard]] std::string address() const;
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

  /// An environment that leads to it: address, region, keys, no files of the user's, no patience.
  [[nodiscard]] aws::Variables variables() const;

  /// Tells it something, or asks it (tests/aws_stand_in/control.py).
  nlohmann::json control(const std::string& action,
                         const nlohmann::json& given = nlohmann::json::object()) const;
  /// How often an operation was answered with that status; any status where it is 0.
  [[nodiscard]] int calls(const std::string& operation, int status = 0) const;

 private:
  TempFolder folder_;
  pid_t process_ = -1;
  int input_ = -1;
  std::string port_ = {};
};

}  // namespace hpo
