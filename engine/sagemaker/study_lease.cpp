#include "engine/sagemaker/study_lease.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "engine/sagemaker/names.h"
#include "objectives/json.h"
#include "objectives/sha256.h"

namespace hpo::sagemaker {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr double kDead_s = 180;

std::string host_name() {
  std::array<char, 256> name = {};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string machine() {
  std::string id;
  std::ifstream("/etc/machine-id") >> id;
  return id + " " + host_name();
}

/// Seconds since 1970, by the services' clock.
double now_s(const aws::S3& s3) {
  const std::chrono::duration<double> here = std::chrono::system_clock::now().time_since_epoch();
  return here.count() + s3.client().skew_s();
}

}  // namespace

StudyLease::StudyLease(const SageMakerSpec& spec, const StudySpec& study,
                       const std::filesystem::path& folder)
    : uri_(study_uri(spec, study) / "engine.json"),
      study_(study.name),
      place_(hex(sha256(machine() + "\n" + std::filesystem::absolute(folder).string()))) {
  std::random_device random;
  token_ = fmt::format("{:08x}{:08x}", random(), random());
}

std::string StudyLease::text(const aws::S3& s3) const {
  const json lease = {{"token", token_},
                      {"place", place_},
                      {"host", host_name()},
                      {"pid", getpid()},
                      {"time", now_s(s3)}};
  return lease.dump() + "\n";
}

std::string StudyLease::holder(const aws::S3& s3, const std::string& text) const {
  const auto lease = parse_json(text);
  if (!lease || !lease->is_object()) return {};
  if (lease->value("token", "") == token_ || lease->value("place", "") == place_) return {};
  const double age_s = now_s(s3) - lease->value("time", 0.0);
  if (age_s > kDead_s) return {};
  return fmt::format("process {} of {} (seen {:.0f} s ago)", lease->value("pid", 0),
                     lease->value("host", "another machine"), std::max(0.0, age_s));
}

Error StudyLease::held(const std::string& holder) const {
  return {.code = ErrorCode::held,
          .message = fmt::format("study {} is run on SageMaker by {}", study_, holder),
          .hint =
              "stop that one; after its death it is free within 3 minutes. Another study: --set "
              "study=NAME"};
}

asio::awaitable<Result<void>> StudyLease::acquire(aws::S3& s3) {
  const auto found = co_await s3.get(uri_);
  if (!found) co_return found.error();
  const std::string other = *found ? holder(s3, **found) : std::string();
  if (!other.empty()) co_return held(other);
  const aws::PutOptions options{.content_type = "application/json",
                                .only_new = !found->has_value()};
  std::string mine = text(s3);
  const auto put = co_await s3.put(uri_, std::move(mine), options);
  if (!put) co_return put.error();
  if (*put) co_return Result<void>();
  // Somebody was quicker, or an answer of ours was lost.
  co_return co_await renew(s3);
}

asio::awaitable<Result<void>> StudyLease::renew(aws::S3& s3) {
  const auto found = co_await s3.get(uri_);
  if (!found) co_return Result<void>();
  const std::string other = *found ? holder(s3, **found) : std::string();
  if (!other.empty()) co_return held(other);
  const aws::PutOptions options{.content_type = "application/json"};
  std::string mine = text(s3);
  const auto put = co_await s3.put(uri_, std::move(mine), options);
  (void)put.has_value();  // the next minute tries again
  co_return Result<void>();
}

asio::awaitable<void> StudyLease::release(aws::S3& s3) {
  const auto found = co_await s3.get(uri_);
  const auto lease = found && *found ? parse_json(**found) : Result<json>(json());
  if (!lease || !lease->is_object() || lease->value("token", "") != token_) co_return;
  const auto removed = co_await s3.remove(uri_);
  (void)removed.has_value();  // without it others wait for three minutes
}

}  // namespace hpo::sagemaker
