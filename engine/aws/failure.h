#pragma once

#include <optional>
#include <string>

#include "engine/aws/http.h"
#include "engine/aws/service.h"
#include "objectives/error.h"

namespace hpo::aws {

/// Why a call did not succeed.
struct Failure {
  std::string operation = {};   ///< "SageMaker CreateTrainingJob"
  std::string code = {};        ///< the service's: "ResourceInUse"; "404" for an empty answer
  std::string message = {};     ///< the service's own words
  std::string request_id = {};  ///< to tell AWS support
  int status = 0;               ///< of HTTP; 0 where no answer came
  std::optional<TransportFailure::Kind> transport = {};  ///< no answer came
  std::optional<Error> own = {};                         ///< nothing was sent: credentials, region

  [[nodiscard]] bool is(std::string_view name) const { return code == name; }
};

/// What a service said in an answer that is no success.
Failure failure_of(Service service, const std::string& operation, const HttpResponse& response);
Failure failure_of(Service service, const std::string& operation, const TransportFailure& failure);

/// The service asks to be asked less often.
bool is_throttling(const Failure& failure);
/// It may succeed a moment later: throttled, 5xx, no answer.
bool is_transient(const Failure& failure);
/// The network or the service is away, as opposed to a request that is wrong.
bool is_outage(const Failure& failure);
/// The request's keys are no longer good.
bool is_expired(const Failure& failure);
/// The clocks differ, or may be what makes the signature wrong.
bool may_be_skewed(const Failure& failure);
/// The keys' owner may not do that.
bool is_denied(const Failure& failure);
/// What was named does not exist.
bool is_missing(const Failure& failure);

/// The failure for people: operation, code, message, request id, and what to do.
Error to_error(const Failure& failure);

}  // namespace hpo::aws
