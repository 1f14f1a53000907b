// `trial:` exactly one of trainer, command and objective; channels, fixed hyperparameters, metrics.

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>

#include "engine/config/files.h"
#include "engine/config/known_trainers.h"
#include "engine/config/sections.h"
#include "engine/config/suggestions.h"
#include "engine/config/yaml_scalar.h"
#include "objectives/objective.h"

namespace hpo::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCommandForm = "a list: program and arguments, such as [python3, train.py]";
constexpr std::int64_t kMostRetries = 1000;

/// The failures that a retry may mend; a trial that the user stopped is not retried.
std::vector<std::string> retry_names() {
  std::vector<std::string> names;
  for (const auto failure :
       {FailureClass::exit_code, FailureClass::signal, FailureClass::oom, FailureClass::timeout,
        FailureClass::nan, FailureClass::no_metric, FailureClass::lost, FailureClass::start}) {
    names.emplace_back(to_string(failure));
  }
  return names;
}

class TrialReader {
 public:
  /// `is_remote`: it runs as a training job, in an image and with files that are elsewhere.
  TrialReader(Section& section, const fs::path& folder, bool is_remote)
      : section_(section), folder_(folder), findings_(section.findings()), is_remote_(is_remote) {}

  TrialSpec read() {
    read_source();
    read_what_runs();
    read_channels();
    read_hyperparameters();
    read_metrics();
    trial_.timeout_s = section_.duration_s("timeout");
    trial_.retries = static_cast<int>(
        section_.integer("retries", {.min = 0, .max = kMostRetries}).value_or(trial_.retries));
    read_retry_on();
    read_grace();
    section_.finish();
    return std::move(trial_);
  }

 private:
  void read_what_runs() {
    read_environment();  // before the command: it may hold the PATH
    std::vector<std::string> given;
    for (const char* key : {"trainer", "command", "objective"}) {
      if (section_.find(key) != nullptr) given.emplace_back(key);
    }
    read_trainer();
    read_objective();
    read_command();
    if (given.size() > 1) {
      findings_.error(
          section_.key_place(given[1]),
          {.message = fmt::format("trial: runs one thing, but has {}", fmt::join(given, " and ")),
           .expected = "exactly one of trainer, command, objective"});
    }
    const YamlNode* node = section_.node();
    const bool has_empty_one =
        node->index_of("trainer") || node->index_of("command") || node->index_of("objective");
    if (given.empty() && !has_empty_one && !is_remote_) {
      findings_.error(node->place,
                      {.message = "trial: does not say what to run",
                       .expected = "one of trainer: bird_classifier, command: [python3, train.py], "
                                   "objective: branin"});
    }
  }

  void read_trainer() {
    std::vector<std::string> names;
    for (const auto& trainer : known_trainers()) names.push_back(trainer.name);
    if (const auto name = section_.choice("trainer", names)) trial_.trainer = *name;
  }

  void read_objective() {
    std::vector<std::string> names;
    for (const auto& name : objective_names()) names.emplace_back(name);
    if (const auto name = section_.choice("objective", names)) trial_.objective = *name;
  }

  void read_command() {
    const YamlNode* node = section_.find("command");
    if (node == nullptr) return;
    if (!node->is_sequence() || node->items.empty()) {
      std::string words = node->is_scalar() ? node->text : std::string();
      for (std::size_t at = 0; (at = words.find(' ', at)) != std::string::npos; at += 2) {
        words.replace(at, 1, ", ");
      }
      section_.error(
          "command",
          {.message = node->is_sequence() ? "is empty" : "expected a list, got " + describe(*node),
           .expected = kCommandForm,
           .hint = words.empty() ? "" : fmt::format("write [{}]", words)});
      return;
    }
    for (const auto& item : node->items) {
      if (item.is_scalar() && item.text.find('\0') == std::string::npos) {
        trial_.command.push_back(item.text);
        continue;
      }
      findings_.error(
          item.place,
          {.message = item.is_scalar() ? "trial.command: a word holds a NUL, which ends it early"
                                       : "trial.command: expected a word, got " + describe(item),
           .expected = kCommandForm});
      return;
    }
    if (!is_remote_) check_command(node->items[0].place);
  }

  void check_command(const Place& place) {
    const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    const auto own_path = trial_.environment.find("PATH");
    const std::string search = own_path != trial_.environment.end() ? own_path->second
                               : path != nullptr                    ? path
                                                                    : "/usr/bin:/bin";
    Finding finding =
        check_program(trial_.command[0], trial_.source.empty() ? folder_ : trial_.source, search);
    if (finding.message.empty()) return;
    finding.message = "trial.command: " + finding.message;
    findings_.error(place, std::move(finding));
  }

  void read_channels() {
    Section channels = free_map("channels", "such as {train: data/train}");
    for (const auto& [name, node] : entries(channels)) {
      const auto path = channels.text(name);
      if (!path) continue;
      if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.')) {
        findings_.error(channels.key_place(name),
                        {.message = fmt::format("{}: is no name for a folder", channels.path(name)),
                         .expected = "a name without slashes, not starting with a dot"});
        continue;
      }
      if (path->starts_with("s3://")) {
        if (!is_remote_) {
          channels.error(name, {.message = "is in S3, but trials run on this machine",
                                .hint = "add sagemaker:, or name a folder"});
        }
        trial_.channels.emplace_back(name, *path);
        continue;
      }
      const fs::path folder = resolve(folder_, *path);
      if (auto finding = check_folder(folder); !finding.message.empty()) {
        channels.error(name, std::move(finding));
      }
      trial_.channels.emplace_back(name, folder);
    }
    const KnownTrainer* trainer = find_trainer(trial_.trainer);
    if (trainer == nullptr) return;
    for (const auto& name : trainer->channels) {
      if (channels.find(name) != nullptr) continue;
      findings_.error(channels.is_valid() ? channels.node()->place : section_.place("channels"),
                      {.message = fmt::format("trial.channels.{}: is missing", name),
                       .expected = fmt::format("{} needs the channels {}", trainer->name,
                                               join(trainer->channels))});
    }
  }

  /// The command's folder; a training job gets a copy of it.
  void read_source() {
    const auto source = section_.text("source");
    if (!source) return;
    trial_.source = resolve(folder_, *source);
    if (auto finding = check_folder(trial_.source); !finding.message.empty()) {
      section_.error("source", std::move(finding));
    }
  }

  void read_hyperparameters() {
    Section fixed = free_map("hyperparameters", "such as {batch_size: 32}");
    for (const auto& [name, node] : entries(fixed)) {
      if (auto value = typed_scalar(*node)) {
        trial_.hyperparameters.emplace(name, std::move(*value));
      } else {
        fixed.error(name,
                    {.message = "expected a word, number or boolean, got " + describe(*node)});
      }
    }
  }

  void read_metrics() {
    Section metrics = free_map("metrics", "such as {loss: 'loss: (\\S+)'}");
    for (const auto& [name, node] : entries(metrics)) {
      const auto regex = metrics.text(name);
      if (!regex) continue;
      const RE2 compiled(*regex, RE2::Quiet);
      if (!compiled.ok()) {
        metrics.error(name, {.message = "not a regular expression: " + compiled.error(),
                             .expected = "RE2 syntax, without look-around and back-references"});
      } else if (compiled.NumberOfCapturingGroups() < 1) {
        metrics.error(name, {.message = "has no group; the first group is the metric's value",
                             .expected = "such as 'loss: (\\S+)'",
                             .hint = "put parentheses around the number"});
      }
      trial_.metrics.push_back({.metric = name, .regex = *regex});
    }
  }

  void read_environment() {
    Section environment = free_map("environment", "such as {OMP_WAIT_POLICY: passive}");
    for (const auto& [name, node] : entries(environment)) {
      if (!node->is_scalar()) {
        environment.error(name, {.message = "expected a word or number, got " + describe(*node)});
      } else if ((name + node->text).find('\0') != std::string::npos) {
        environment.error(name, {.message = "holds a NUL, which ends it early"});
      } else if (name.empty() || name.find('=') != std::string::npos) {
        findings_.error(environment.key_place(name),
                        {.message = environment.path(name) + ": is no name for a variable"});
      } else {
        trial_.environment[name] = node->text;
      }
    }
  }

  void read_retry_on() {
    const YamlNode* node = section_.find("retry_on");
    if (node == nullptr) return;
    const auto names = retry_names();
    const auto& items = node->is_sequence() ? node->items : std::vector<YamlNode>{*node};
    trial_.retry_on.clear();
    for (const auto& item : items) {
      const bool is_known = std::find(names.begin(), names.end(), item.text) != names.end();
      const auto failure = is_known ? failure_class_from(item.text) : std::nullopt;
      if (failure) {
        trial_.retry_on.push_back(*failure);
        continue;
      }
      findings_.error(item.place,
                      {.message = fmt::format("trial.retry_on: unknown failure {}", describe(item)),
                       .expected = "some of " + join(names),
                       .hint = did_you_mean(item.text, names)});
    }
  }

  void read_grace() {
    // 0 kills at once, so this is the one duration that may be 0.
    const YamlNode* node = section_.find("grace");
    if (node != nullptr && node->is_scalar() && parse_duration_s(node->text) == 0.0) {
      trial_.grace_s = 0;
      return;
    }
    trial_.grace_s = section_.duration_s("grace").value_or(trial_.grace_s);
  }

  Section free_map(const char* key, const char* example) {
    return {section_.find(key), section_.path(key), example, findings_};
  }

  /// Name and value of every entry that has a value; the others are reported.
  static std::vector<std::pair<std::string, const YamlNode*>> entries(Section& map) {
    std::vector<std::pair<std::string, const YamlNode*>> list;
    if (!map.is_valid()) return list;
    for (const auto& key : map.node()->keys) {
      if (const YamlNode* node = map.find(key.text)) list.emplace_back(key.text, node);
    }
    return list;
  }

  Section& section_;
  const fs::path& folder_;
  Findings& findings_;
  bool is_remote_;
  TrialSpec trial_ = {};
};

}  // namespace

TrialSpec read_trial(Section& root, const fs::path& folder) {
  const bool is_remote = root.find("sagemaker") != nullptr;
  const YamlNode* node =
      root.require("trial", "what a trial runs, such as {command: [python3, train.py]}");
  Section section(node, "trial", "such as {command: [python3, train.py]}", root.findings());
  if (!section.is_valid()) return {};
  return TrialReader(section, folder, is_remote).read();
}

}  // namespace hpo::config
