#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>

#include "engine/aws/s3.h"
#include "engine/tuning_config.h"
#include "objectives/study.h"

namespace hpo::sagemaker {

/// The study's engine, as an object in S3 says it: two machines with copies of one database must
/// not both run its trials. Its owner writes it once a minute; one that is three minutes old is
/// dead. An engine of the same machine and folder follows at once, because the database's own lock
/// keeps those apart.
class StudyLease {
 public:
  StudyLease(const SageMakerSpec& spec, const StudySpec& study,
             const std::filesystem::path& folder);

  /// Errors: held, with the owner's machine and process; those of S3.
  boost::asio::awaitable<Result<void>> acquire(aws::S3& s3);
  /// Errors: held. That S3 does not answer is none: the jobs' names keep them from being doubled.
  boost::asio::awaitable<Result<void>> renew(aws::S3& s3);
  /// Lets others follow at once.
  boost::asio::awaitable<void> release(aws::S3& s3);

 private:
  [[nodiscard]] std::string text(const aws::S3& s3) const;
  /// Why another engine holds it; empty where none does.
  [[nodiscard]] std::string holder(const aws::S3& s3, const std::string& text) const;
  [[nodiscard]] Error held(const std::string& holder) const;

  aws::S3Uri uri_;
  std::string study_;
  std::string place_;  ///< machine and folder
  std::string token_;  ///< this engine
};

}  // namespace hpo::sagemaker
