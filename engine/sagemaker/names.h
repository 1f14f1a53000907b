#pragma once

#include <cstdint>
#include <string>

#include "engine/aws/s3.h"
#include "engine/tuning_config.h"
#include "objectives/study.h"

namespace hpo::sagemaker {

/// Tag that says whose a job is: the study's id.
inline constexpr const char* kStudyIdTag = "hpo:study-id";

/// Eight hexadecimal digits of a study's id.
std::string short_id(const StudySpec& study);

/// `<study, at most 30>-<8 hex of the study's id>`, with the characters that a job's name may have.
std::string study_key(const StudySpec& study);

/// `<study key>-<number>-<attempt>`: the same for the same attempt, whoever asks, so that it is
/// never started twice.
std::string job_name(const StudySpec& study, std::int64_t number, int attempt);

/// The study's folder in S3, and below it its jobs' output and a trial's checkpoints.
aws::S3Uri study_uri(const SageMakerSpec& spec, const StudySpec& study);
aws::S3Uri output_uri(const SageMakerSpec& spec, const StudySpec& study);
aws::S3Uri checkpoints_uri(const SageMakerSpec& spec, const StudySpec& study, std::int64_t number);
/// Where folders go that are uploaded once per content, whatever study they are for.
aws::S3Uri channels_uri(const SageMakerSpec& spec);

}  // namespace hpo::sagemaker
