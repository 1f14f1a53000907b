#include "engine/sagemaker/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "objectives/sha256.h"

namespace hpo::sagemaker {
namespace {

constexpr std::size_t kLongestStudy = 30;
constexpr std::size_t kIdDigits = 8;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string short_id(const StudySpec& study) {
  const std::string begin = study.id.substr(0, kIdDigits);
  const bool is_plain =
      begin.size() == kIdDigits && std::all_of(begin.begin(), begin.end(), is_hex);
  return is_plain ? begin : hex(sha256(study.id)).substr(0, kIdDigits);
}

std::string study_key(const StudySpec& study) {
  std::string name = study.name.substr(0, kLongestStudy);
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  while (name.ends_with('-')) name.pop_back();
  return name + "-" + short_id(study);
}

std::string job_name(const StudySpec& study, std::int64_t number, int attempt) {
  return fmt::format("{}-{}-{}", study_key(study), number, attempt);
}

aws::S3Uri study_uri(const SageMakerSpec& spec, const StudySpec& study) {
  return {.bucket = spec.bucket, .key = spec.prefix + "/" + study_key(study)};
}

aws::S3Uri output_uri(const SageMakerSpec& spec, const StudySpec& study) {
  return study_uri(spec, study) / "output";
}

aws::S3Uri checkpoints_uri(const SageMakerSpec& spec, const StudySpec& study, std::int64_t number) {
  return study_uri(spec, study) / fmt::format("checkpoints/{}/", number);
}

aws::S3Uri channels_uri(const SageMakerSpec& spec) {
  return {.bucket = spec.bucket, .key = spec.prefix + "/channels"};
}

}  // namespace hpo::sagemaker
