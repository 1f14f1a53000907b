#pragma once

#include <string>

namespace hpo::aws {

/// The services that hpo speaks to.
enum class Service { sagemaker, sagemaker_runtime, logs, s3, sts };

/// What distinguishes one from another.
struct ServiceTraits {
  const char* name;            ///< for people
  const char* signing_name;    ///< in a signature's scope
  const char* host;            ///< `{}` stands for the region and the partition's suffix
  const char* fips_host;       ///< likewise
  const char* dualstack_host;  ///< likewise, empty where there is none
  const char* variable;        ///< of AWS_ENDPOINT_URL_<variable>
  const char* config_key;      ///< of `[services x]` in the AWS configuration file
  const char* target;          ///< of the X-Amz-Target header; empty where there is none
};

const ServiceTraits& traits(Service service);

}  // namespace hpo::aws
