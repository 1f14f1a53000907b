#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/output.h"
#include "engine/tuning_config.h"

// The verbs: one struct of what was typed and one function each, which prints and gives the exit
// code. Text fields are empty where nothing was typed.

namespace hpo::cli {

/// What verbs that look at a storage share.
struct LookArgs {
  std::string storage = {};
  Format format = Format::table;
};

/// A verb about one study.
struct StudyArgs {
  LookArgs look = {};
  std::string study = {};
};

/// The state of a study.
struct StatusArgs {
  StudyArgs of = {};
  bool watch = false;  ///< until it ends
};

/// A verb about trials: `[STUDY] [TRIAL...]`.
struct TrialsArgs {
  LookArgs look = {};
  std::vector<std::string> words = {};
  std::vector<std::string> states = {};   ///< trials: only these
  std::string sort = {};                  ///< trials: a field, with `-` before it: descending
  std::optional<std::int64_t> top = {};   ///< trials: the best so many; of `sort` the first
  std::vector<std::string> where = {};    ///< trials: conditions, all of which hold
  std::vector<std::string> columns = {};  ///< trials: these fields in this order
};

/// A drawing in the terminal: `[STUDY] KIND [PARAMETER...]`.
struct PlotArgs {
  LookArgs look = {};
  std::vector<std::string> words = {};
  std::optional<int> width = {};   ///< columns; the window's
  std::optional<int> height = {};  ///< lines of one chart
};

struct ImportanceArgs {
  StudyArgs of = {};
  std::string objective = {};  ///< its metric; empty: the first
};

struct LogsArgs {
  LookArgs look = {};
  std::vector<std::string> words = {};
  bool follow = false;
  std::optional<int> attempt = {};  ///< the last one
  std::optional<int> lines = {};    ///< only the last so many
};

/// A tuning file with its --set.
struct FileArgs {
  std::string file = {};
  std::vector<std::string> set = {};
  std::string storage = {};
  Format format = Format::table;
};

struct ValidateArgs {
  FileArgs file = {};
  std::string log = {};
};

struct RunArgs {
  FileArgs file = {};
  bool dry_run = false;
  bool fresh = false;
  bool require_target = false;
  bool detach_jobs = false;
};

struct AskTellArgs {
  FileArgs file = {};
  bool memory = false;
};

/// A page about studies.
struct ReportArgs {
  LookArgs look = {};
  std::vector<std::string> studies = {};
  std::string html = {};  ///< `-`: stdout
};

struct EnqueueArgs {
  StudyArgs of = {};
  std::vector<std::string> set = {};
  std::string json = {};
};

struct StopArgs {
  StudyArgs of = {};
  bool now = false;
  bool wait = false;
};

struct DeleteArgs {
  StudyArgs of = {};
  bool yes = false;
};

struct ExportArgs {
  StudyArgs of = {};
  std::string trial = "best";
  std::string out = {};
};

struct PrepareArgs {
  Format format = Format::table;
  std::string source = {};
  std::string out = {};
  bool synthetic = false;
  std::vector<std::string> classes = {};
  std::vector<std::string> exclude = {};
  std::optional<double> validation = {};
  std::optional<double> test = {};
  std::optional<int> species = {};
  std::optional<int> images = {};
  std::uint64_t seed = 0;
};

/// A command line that `hpo-model` carries out: its verb and every word after it.
struct ModelArgs {
  std::vector<std::string> words = {};
};

struct DoctorArgs {
  Format format = Format::table;
};

int run_run(const RunArgs& args);
int run_ask_tell(const AskTellArgs& args);
int run_validate(const ValidateArgs& args);
int run_studies(const LookArgs& args);
int run_status(const StatusArgs& args);
int run_trials(const TrialsArgs& args);
int run_show(const TrialsArgs& args);
int run_best(const StudyArgs& args);
int run_logs(const LogsArgs& args);
int run_compare(const TrialsArgs& args);
int run_enqueue(const EnqueueArgs& args);
int run_plot(const PlotArgs& args);
int run_replay(const StudyArgs& args);
int run_importance(const ImportanceArgs& args);
int run_explain(const TrialsArgs& args);
int run_report(const ReportArgs& args);
int run_stop(const StopArgs& args);
int run_delete(const DeleteArgs& args);
int run_export(const ExportArgs& args);
int run_prepare(const PrepareArgs& args);
int run_train(const FileArgs& args);
int run_model(const ModelArgs& args);
int run_doctor(const DoctorArgs& args);
int run_schema();
/// The manual page, as roff.
int run_man();
int run_version(Format format);

}  // namespace hpo::cli
