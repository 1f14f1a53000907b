#pragma once

#include "engine/aws/credential_sources.h"

namespace hpo::aws {

/// Keys of a profile: a role to take on (source_profile, credential_source, web identity), its own
/// keys, a process. `is_role_wanted`: false for a source_profile that names itself, which stands
/// for its keys.
boost::asio::awaitable<CredentialAnswer> profile_credentials(const Settings& settings, Http& http,
                                                             std::string profile,
                                                             bool is_role_wanted, int depth = 0);

/// AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, as Kubernetes sets them.
boost::asio::awaitable<CredentialAnswer> web_identity_credentials(const Settings& settings,
                                                                  Http& http);

}  // namespace hpo::aws
