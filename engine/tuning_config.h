#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// `limits:` when a study ends, and how many trials run at once.
struct Limits {
  std::optional<std::int64_t> trials = {};  ///< complete + pruned + finally failed
  int parallel = 1;
  std::optional<double> runtime_s = {};  ///< active time summed over all runs
  std::optional<double> target = {};     ///< stop once the best value reaches it
  std::optional<std::int64_t> no_improvement =
      {};                             ///< stop after so many trials without a better value
  std::optional<double> regret = {};  ///< stop once the best is probably within it of the optimum
  bool convergence = false;           ///< stop once no improvement is expected any more
  bool operator==(const Limits&) const = default;
};

/// A named regular expression (RE2); the first group is the metric's value.
struct MetricPattern {
  std::string metric = {};
  std::string regex = {};
  bool operator==(const MetricPattern&) const = default;
};

/// `trial:` what a trial runs. Exactly one of trainer, command and objective
/// is set; none where a training job runs its image's own program.
struct TrialSpec {
  std::string trainer = {};  ///< built-in training program: `bird_classifier`
  std::vector<std::string> command =
      {};                      ///< any program; its working directory is the file's folder
  std::string objective = {};  ///< built-in function, in process: `branin`
  std::vector<std::pair<std::string, std::filesystem::path>> channels =
      {};                              ///< absolute paths, or s3:// addresses as they were written
  std::filesystem::path source = {};   ///< a training job's code: the command's folder there
  Configuration hyperparameters = {};  ///< fixed ones
  std::vector<MetricPattern> metrics = {};
  std::optional<double> timeout_s = {};
  int retries = 1;
  std::vector<FailureClass> retry_on = {FailureClass::lost};
  double grace_s = 30;  ///< between SIGTERM and SIGKILL
  std::map<std::string, std::string> environment = {};
  bool operator==(const TrialSpec&) const = default;
};

/// `sagemaker:` the account's side of training jobs, which then run the trials.
struct SageMakerSpec {
  std::string role = {};                         ///< ARN
  std::string image = {};                        ///< training image
  std::vector<std::string> instance_types = {};  ///< tried in this order where there are none free
  int instance_count = 1;
  int volume_gb = 30;
  std::string bucket = {};
  std::string prefix = "hpo";  ///< folder in the bucket
  std::string region = {};     ///< empty: what the AWS variables and files say
  bool spot = false;
  bool checkpoints = true;
  std::string input_mode = "File";
  double max_runtime_s = 86'400;
  double max_wait_s = 0;    ///< spot: waiting and running together
  double keep_alive_s = 0;  ///< machines wait so long for the next job (and cost)
  std::vector<std::string> subnets = {};
  std::vector<std::string> security_groups = {};
  std::string kms_key = {};         ///< of what is written to S3
  std::string volume_kms_key = {};  ///< of the machines' disks
  bool encrypt_traffic = false;
  bool network_isolation = false;
  std::map<std::string, std::string> tags = {};
  std::map<std::string, double> prices = {};  ///< of an hour, by instance type
  std::optional<double> max_cost = {};        ///< in the prices' unit
  bool operator==(const SageMakerSpec&) const = default;
};

/// `resources:` the local pool and what a trial takes of it.
struct ResourceSpec {
  std::optional<int> gpus = {};  ///< nothing: auto (all there are; the CPUs where there are none)
  double gpus_per_trial = 1;     ///< a fraction packs several trials onto a GPU
  double cpus_per_trial = 1;     ///< 0 and fractions are allowed
  bool operator==(const ResourceSpec&) const = default;
};

enum class KeepCheckpoints { none, unfinished, all };

/// `keep:` what stays on disk.
struct KeepSpec {
  std::int64_t models = 5;  ///< the best k models
  KeepCheckpoints checkpoints = KeepCheckpoints::unfinished;
  bool operator==(const KeepSpec&) const = default;
};

/// `cache:` what the trials of a study share on the disk.
struct CacheSpec {
  /// Bytes that decoded photos and the outputs of frozen layers may take; what was used longest ago
  /// makes room.
  std::uint64_t max_bytes = std::uint64_t{20} << 30U;
  bool operator==(const CacheSpec&) const = default;
};

/// `strategy.budget:` the hyperparameter that says how long a trial of hyperband runs, and its
/// largest value, with which a trial is complete.
struct BudgetSpec {
  std::string parameter = {};
  std::int64_t max = 0;
  bool operator==(const BudgetSpec&) const = default;
};

/// `strategy.early_stopping: asha`: compared after min, min·eta, min·eta², ... steps.
struct AshaSpec {
  std::int64_t min = 1;
  std::int64_t eta = 3;
  bool operator==(const AshaSpec&) const = default;
};

/// One finding about a file. `line` and `column` count from 1; 0 where the place is unknown
/// (--set).
struct Diagnostic {
  std::string message = {};   ///< `parameters.lr.min: must be > 0 for scale log, got 0`
  std::string expected = {};  ///< what would be right; may be empty
  std::string hint = {};      ///< `did you mean "max"?`; may be empty
  std::string file = {};
  int line = 0;
  int column = 0;
  std::string source = {};  ///< the line's text, for the caret
  bool operator==(const Diagnostic&) const = default;
};

/// An entry of `strategy.warm_start:` another study whose results this one knows.
struct WarmStartSpec {
  std::string study = {};
  std::string storage = {};         ///< as the file names it; empty: this study's own
  std::filesystem::path file = {};  ///< the same, absolute
  std::string relation = {};        ///< identical, related; empty: seen from both studies
  Diagnostic place = {};            ///< of the entry, for what is found wrong with it later
  bool operator==(const WarmStartSpec&) const = default;
};

/// `strategy:` how configurations are chosen.
struct StrategySpec {
  std::string name = "bayesian";
  std::string options = "{}";       ///< JSON text of the strategy's other keys, for make_sampler
  std::string early_stopping = {};  ///< empty (off), `median` or `asha`
  AshaSpec asha = {};
  std::optional<BudgetSpec> budget = {};    ///< of hyperband
  std::vector<Configuration> initial = {};  ///< tried before the strategy is asked
  std::vector<WarmStartSpec> warm_start = {};
  bool operator==(const StrategySpec&) const = default;
};

/// A tuning file after parsing: complete, checked, with absolute paths. No YAML node leaves the
/// parser.
struct TuningConfig {
  StudySpec study = {};  ///< name, objectives, space, seed; id is empty
  StrategySpec strategy = {};
  Limits limits = {};
  TrialSpec trial = {};
  ResourceSpec resources = {};
  std::optional<SageMakerSpec> sagemaker = {};
  KeepSpec keep = {};
  CacheSpec cache = {};
  std::filesystem::path folder = {};   ///< of the file: working directory of commands
  std::filesystem::path storage = {};  ///< the SQLite file
  std::optional<std::filesystem::path> export_to = {};
};

/// What came of loading a file: the configuration where there are no errors; advice in any case.
struct LoadedConfig {
  std::optional<TuningConfig> config = {};
  std::vector<Diagnostic> errors = {};
  std::vector<Diagnostic> advice =
      {};  ///< about a valid file: "lr spans 4 decades on a linear scale"
};

/// `key=value` of --set, dotted key, value in YAML.
struct Override {
  std::string key = {};
  std::string value = {};
};

/// What a command needs of a file: `train` lets `parameters` be absent, and `objective` and
/// `limits` with it; `ask-tell` reads study, objective, parameters, strategy and storage, whatever
/// the other sections hold.
enum class ConfigUse { study, training, ask_tell };

/// Reads, overrides and checks a tuning file; all errors at once. Touches nothing but the files it
/// names.
LoadedConfig load_tuning_config(const std::filesystem::path& file,
                                const std::vector<Override>& overrides = {},
                                ConfigUse use = ConfigUse::study);

/// `file:line:column: message`, the source line, a caret, what was expected, the hint.
std::string render(const Diagnostic& diagnostic);

/// The effective configuration as JSON text: what is stored with the study and compared on resume.
std::string to_json_text(const TuningConfig& config);

/// The strategy of a configuration as to_json_text wrote it. Error: corrupt.
Result<StrategySpec> strategy_of(const std::string& config_json);

/// What a resumed study's file changed: one line each ("limits.trials: 20 -> 30"); empty if
/// nothing.
std::vector<std::string> describe_changes(const std::string& previous_json,
                                          const std::string& current_json);

/// Those of the changes that would mix values which cannot be compared: another program, data,
/// fixed hyperparameters or metric expressions make another study, as another space does.
std::vector<std::string> changes_of_what_is_tuned(const std::vector<std::string>& changes);

}  // namespace hpo
