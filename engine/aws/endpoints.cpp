// Which host a service has in a region, and what the user's variables and files say instead.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/aws/settings.h"

namespace hpo::aws {
namespace {

/// Hosts take the region and the suffix of its partition.
constexpr std::array<ServiceTraits, 5> kServices = {{
    {"SageMaker", "sagemaker", "api.sagemaker.{0}.{1}", "api-fips.sagemaker.{0}.{1}",
     "api.sagemaker.{0}.{2}", "SAGEMAKER", "sagemaker", "SageMaker"},
    {"SageMaker runtime", "sagemaker", "runtime.sagemaker.{0}.{1}",
     "runtime-fips.sagemaker.{0}.{1}", "runtime.sagemaker.{0}.{2}", "SAGEMAKER_RUNTIME",
     "sagemaker_runtime", ""},
    {"CloudWatch Logs", "logs", "logs.{0}.{1}", "logs-fips.{0}.{1}", "logs.{0}.{2}",
     "CLOUDWATCH_LOGS", "cloudwatch_logs", "Logs_20140328"},
    {"S3", "s3", "s3.{0}.{1}", "s3-fips.{0}.{1}", "s3.dualstack.{0}.{1}", "S3", "s3", ""},
    {"STS", "sts", "sts.{0}.{1}", "sts-fips.{0}.{1}", "sts.{0}.{2}", "STS", "sts", ""},
}};

struct Partition {
  std::string_view prefix;
  std::string_view suffix;
  std::string_view dualstack_suffix;
};
constexpr std::array<Partition, 4> kPartitions = {{
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"us-iso-", "c2s.ic.gov", "c2s.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov", "sc2s.sgov.gov"},
    {"", "amazonaws.com", "api.aws"},
}};

const Partition& partition_of(std::string_view region) {
  const auto* at = std::find_if(kPartitions.begin(), kPartitions.end(),
                                [&](const auto& p) { return region.starts_with(p.prefix); });
  return *at;  // the last one's prefix fits all
}

/// What the user put in place of the service's own address, empty where nothing.
std::string given_address(const Settings& settings, const ServiceTraits& service) {
  if (settings.is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")) {
    return {};
  }
  const std::string own = settings.variable(std::string("AWS_ENDPOINT_URL_") + service.variable);
  if (!own.empty()) return own;
  const std::string common = settings.variable("AWS_ENDPOINT_URL");
  if (!common.empty()) return common;
  const auto section = settings.services.find(settings.key(settings.profile, "services"));
  if (section != settings.services.end()) {
    const auto at = section->second.find(std::string(service.config_key) + ".endpoint_url");
    if (at != section->second.end()) return at->second;
  }
  return settings.key(settings.profile, "endpoint_url");
}

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

const ServiceTraits& traits(Service service) {
  return kServices.at(static_cast<std::size_t>(service));
}

Result<Endpoint> endpoint_of(const Settings& settings, Service service, const std::string& region) {
  if (region.empty()) {
    return Error{.message = "no AWS region is given",
                 .hint = "write sagemaker.region: eu-west-1 into the file, or set AWS_REGION"};
  }
  if (!is_region(region)) {
    return Error{.message = fmt::format("\"{}\" is no AWS region", region),
                 .hint = "such as eu-west-1"};
  }
  const ServiceTraits& of = traits(service);
  if (const std::string given = given_address(settings, of); !given.empty()) {
    auto url = parse_url(given);
    if (!url) return url.error();
    while (url->path.ends_with('/')) url->path.pop_back();
    url->query.clear();
    return Endpoint{.url = *std::move(url), .is_custom = true};
  }
  const Partition& partition = partition_of(region);
  const char* host = of.host;
  if (settings.is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")) {
    host = of.dualstack_host;
  }
  if (settings.is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")) host = of.fips_host;
  return Endpoint{.url = {.scheme = "https",
                          .host = fmt::format(fmt::runtime(host), region, partition.suffix,
                                              partition.dualstack_suffix)}};
}

}  // namespace hpo::aws
