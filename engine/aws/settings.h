#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "engine/aws/service.h"
#include "engine/aws/uri.h"
#include "objectives/error.h"

namespace hpo::aws {

/// Environment variables by their names.
using Variables = std::map<std::string, std::string>;

/// Those of this process.
Variables process_variables();

/// Keys of one section of a configuration file; keys of a nested block as `block.key`.
using ProfileKeys = std::map<std::string, std::string>;

/// The sections of `~/.aws/config` or `~/.aws/credentials` by their names, as they stand there.
using ProfileFile = std::map<std::string, ProfileKeys>;

/// Reads the format of both files. Error: environment, with the line; a file that is not there is
/// empty.
Result<ProfileFile> read_profile_file(const std::filesystem::path& file);

/// What the AWS variables and files say, as the AWS SDKs read them.
struct Settings {
  Variables variables = {};
  ProfileFile config = {};       ///< of AWS_CONFIG_FILE; "profile x" is called x here
  ProfileFile credentials = {};  ///< of AWS_SHARED_CREDENTIALS_FILE
  ProfileFile services = {};     ///< `[services x]` sections
  std::string profile = "default";
  std::string region = {};  ///< empty where nobody says

  /// The variable, empty where it is not set.
  [[nodiscard]] std::string variable(const std::string& name) const;
  [[nodiscard]] bool is_on(const std::string& variable_name, const std::string& key) const;
  /// A key of a profile, of the credentials file before the configuration file.
  [[nodiscard]] std::string key(const std::string& profile_name, const std::string& name) const;
  [[nodiscard]] bool has_profile(const std::string& name) const;
};

/// Errors: environment (a file that cannot be read; AWS_PROFILE names a profile that is nowhere).
Result<Settings> load_settings(Variables variables);

/// Where a service is reached.
struct Endpoint {
  Url url = {};
  bool is_custom = false;  ///< given by the user: S3 is then addressed by path
};

/// Errors: usage (no region, an address that is none).
Result<Endpoint> endpoint_of(const Settings& settings, Service service, const std::string& region);

}  // namespace hpo::aws
