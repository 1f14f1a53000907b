#include "engine/aws/settings.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "objectives/plain_text.h"

extern char** environ;

namespace hpo::aws {
namespace {

namespace fs = std::filesystem;

Error bad_line(const fs::path& file, int line, const std::string& what) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("{}:{}: {}", file.string(), line, what),
          .hint = "expected [section] or key = value"};
}

/// One line at a time; a value never gets into a message, because it may be a secret.
class ProfileReader {
 public:
  explicit ProfileReader(fs::path file) : file_(std::move(file)) {}

  Result<void> add(const std::string& line) {
    ++line_;
    const std::string text(trimmed(line));
    if (text.empty() || text[0] == '#' || text[0] == ';') return {};
    const bool is_indented = line[0] == ' ' || line[0] == '\t';
    if (text[0] == '[') return open_section(text);
    const auto equals = text.find('=');
    if (section_ == nullptr) return bad_line(file_, line_, "a key before the first section");
    if (equals == std::string::npos) {
      if (is_indented) return {};  // a long value goes on
      return bad_line(file_, line_, "neither a section nor a key");
    }
    const std::string_view whole = text;
    const std::string key(trimmed(whole.substr(0, equals)));
    std::string value(trimmed(whole.substr(equals + 1)));
    if (const auto comment = value.find(" #"); comment != std::string::npos) {
      value.erase(comment);
      value = std::string(trimmed(value));
    }
    if (is_indented && !block_.empty()) {
      (*section_)[block_ + "." + key] = value;
      return {};
    }
    block_ = value.empty() ? key : std::string();
    (*section_)[key] = value;
    return {};
  }

  ProfileFile take() { return std::move(sections_); }

 private:
  Result<void> open_section(const std::string& text) {
    const auto end = text.find(']');
    if (end == std::string::npos) return bad_line(file_, line_, "a section without its ]");
    section_ = &sections_[std::string(trimmed(std::string_view(text).substr(1, end - 1)))];
    block_.clear();
    return {};
  }

  fs::path file_;
  int line_ = 0;
  ProfileFile sections_ = {};
  ProfileKeys* section_ = nullptr;
  std::string block_ = {};
};

fs::path file_of(const Settings& settings, const std::string& variable, const char* name) {
  std::string given = settings.variable(variable);
  const fs::path home = settings.variable("HOME");
  if (given.starts_with("~/")) return home / given.substr(2);
  return given.empty() ? home / ".aws" / name : fs::path(given);
}

void sort_config(ProfileFile file, Settings& settings) {
  for (auto& [name, keys] : file) {
    if (name == "default") {
      settings.config["default"].insert(keys.begin(), keys.end());
    } else if (name.starts_with("profile ")) {
      settings.config[std::string(trimmed(std::string_view(name).substr(8)))] = std::move(keys);
    } else if (name.starts_with("services ")) {
      settings.services[std::string(trimmed(std::string_view(name).substr(9)))] = std::move(keys);
    }
  }
}

}  // namespace

Variables process_variables() {
  Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Result<ProfileFile> read_profile_file(const fs::path& file) {
  std::error_code missing;
  if (!fs::exists(file, missing)) return ProfileFile{};
  std::ifstream in(file);
  if (!in) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("cannot read {}: {}", file.string(), std::strerror(errno)),
                 .hint = "check its permissions"};
  }
  ProfileReader reader(file);
  for (std::string line; std::getline(in, line);) {
    if (auto added = reader.add(line); !added) return added.error();
  }
  return reader.take();
}

std::string Settings::variable(const std::string& name) const {
  const auto at = variables.find(name);
  return at == variables.end() ? std::string() : at->second;
}

bool Settings::is_on(const std::string& variable_name, const std::string& key_name) const {
  std::string value = variable(variable_name);
  if (value.empty()) value = key(profile, key_name);
  return value == "true" || value == "True" || value == "TRUE" || value == "1";
}

std::string Settings::key(const std::string& profile_name, const std::string& name) const {
  for (const ProfileFile* file : {&credentials, &config}) {
    const auto section = file->find(profile_name);
    if (section == file->end()) continue;
    const auto at = section->second.find(name);
    if (at != section->second.end()) return at->second;
  }
  return {};
}

bool Settings::has_profile(const std::string& name) const {
  return config.contains(name) || credentials.contains(name);
}

Result<Settings> load_settings(Variables variables) {
  Settings settings{.variables = std::move(variables)};
  for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    settings.profile = settings.variable(name);
    if (!settings.profile.empty()) break;
  }
  const bool is_named = !settings.profile.empty();
  if (!is_named) settings.profile = "default";
  const fs::path config_file = file_of(settings, "AWS_CONFIG_FILE", "config");
  auto config = read_profile_file(config_file);
  if (!config) return config.error();
  sort_config(*std::move(config), settings);
  const fs::path secrets_file = file_of(settings, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  auto secrets = read_profile_file(secrets_file);
  if (!secrets) return secrets.error();
  settings.credentials = *std::move(secrets);
  if (is_named && !settings.has_profile(settings.profile)) {
    return Error{
        .code = ErrorCode::environment,
        .message = fmt::format("AWS profile \"{}\" is neither in {} nor in {}", settings.profile,
                               config_file.string(), secrets_file.string()),
        .hint =
            "look at AWS_PROFILE, or make it with: aws configure --profile " + settings.profile};
  }
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (settings.region.empty()) settings.region = settings.variable(name);
  }
  if (settings.region.empty()) settings.region = settings.key(settings.profile, "region");
  return settings;
}

}  // namespace hpo::aws
