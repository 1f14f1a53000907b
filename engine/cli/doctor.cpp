// hpo doctor: what this machine can do, and what is broken.

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/cli/model_program.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/execution/files.h"
#include "engine/resources/cpus.h"
#include "engine/resources/devices.h"
#include "engine/resources/lock_folder.h"
#include "objectives/csv.h"
#include "storage/sqlite_version.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

/// libtorch's CUDA 13 needs this driver or a newer one.
constexpr int kOldestDriver = 580;
constexpr double kGiB = 1024.0 * 1024 * 1024;
/// Below the first a study hardly fits, below the second not even a database.
constexpr double kLittleDisk = 2 * kGiB;
constexpr double kNoDisk = 0.05 * kGiB;

enum class Health { ok, limited, broken };

struct Check {
  std::string name = {};
  Health health = Health::ok;
  std::string detail = {};
  std::string hint = {};
};

const char* to_string(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::limited:
      return "limited";
    case Health::broken:
      return "broken";
  }
  return "ok";
}

Check from(std::string name, Health health, const Error& error) {
  return {.name = std::move(name),
          .health = health,
          .detail = printable(error.message),
          .hint = printable(error.hint)};
}

Check cpu_check() {
  const auto mask = resources::affinity_cpus();
  const auto quota = resources::cpu_quota();
  std::string detail = fmt::format("{} usable", resources::usable_cpus());
  if (quota)
    detail += fmt::format(" (quota of {:.3g} CPUs, {} in the mask)", quota->cpus, mask.size());
  return {.name = "CPUs", .detail = std::move(detail)};
}

int major_version(const std::string& version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

Check driver_check(const std::string& version) {
  Check check{.name = "NVIDIA driver", .detail = version};
  if (major_version(version) >= kOldestDriver) return check;
  check.health = Health::broken;
  check.hint = fmt::format("libtorch's CUDA needs R{} or newer: update the driver", kOldestDriver);
  return check;
}

Check gpu_check(const resources::GpuDevice& gpu) {
  Check check{
      .name = "GPU " + resources::short_name(gpu),
      .detail = fmt::format("{}, {:.0f} of {:.0f} GiB free", printable(gpu.name),
                            static_cast<double>(gpu.memory_total_mib - gpu.memory_used_mib) / 1024,
                            static_cast<double>(gpu.memory_total_mib) / 1024)};
  if (!gpu.failure.empty()) {
    check.health = Health::broken;
    check.detail = printable(gpu.failure);
    check.hint = "trials are kept off it; `nvidia-smi` may say more";
  } else if (!gpu.busy_pids.empty()) {
    check.detail += fmt::format("; busy with process {}", fmt::join(gpu.busy_pids, ", "));
  }
  return check;
}

void add_gpus(std::vector<Check>& checks) {
  const auto gpus = resources::Gpus::open();
  if (!gpus) return checks.push_back(from("NVIDIA driver", Health::broken, gpus.error()));
  if (gpus->driver_version().empty()) {
    return checks.push_back({.name = "GPUs", .detail = "none; trials run on the CPUs"});
  }
  checks.push_back(driver_check(gpus->driver_version()));
  const auto devices = gpus->devices();
  if (!devices) return checks.push_back(from("GPUs", Health::broken, devices.error()));
  for (const auto& gpu : *devices) checks.push_back(gpu_check(gpu));
  const auto visible = static_cast<int>(devices->size());
  if (visible == gpus->installed()) return;
  checks.push_back({.name = "GPUs",
                    .detail = fmt::format("{} of {} visible (CUDA_VISIBLE_DEVICES)", visible,
                                          gpus->installed())});
}

Check model_check() {
  const auto program = model_program();
  if (!program) return from("hpo-model", Health::limited, program.error());
  // Lists something, so libtorch has been loaded.
  const auto started = first_line_of_model_program({"hyperparameters"});
  if (!started) return from("hpo-model", Health::broken, started.error());
  return {.name = "hpo-model", .detail = printable(program->string())};
}

Check supervisor_check() {
  const auto program = execution::helper_program("hpo-supervisor", "HPO_SUPERVISOR");
  if (!program) return from("hpo-supervisor", Health::broken, program.error());
  return {.name = "hpo-supervisor", .detail = printable(program->string())};
}

Check lock_check() {
  const auto folder = resources::lock_folder();
  if (!folder) return from("lock folder", Health::broken, folder.error());
  Check check{.name = "lock folder", .detail = printable(folder->string())};
  if (access(folder->c_str(), W_OK) == 0) return check;
  check.health = Health::broken;
  check.hint = "it cannot be written: HPO_LOCK_DIR names another";
  return check;
}

Check disk_check() {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const auto space = fs::space(here, error);
  if (error) {
    return {.name = "disk", .health = Health::broken, .detail = error.message()};
  }
  const auto free = static_cast<double>(space.available);
  Check check{
      .name = "disk",
      .detail = fmt::format("{:.3g} GiB free in {}", free / kGiB, printable(here.string()))};
  if (free < kLittleDisk) check.health = Health::limited;
  if (free < kNoDisk) check.health = Health::broken;
  if (check.health != Health::ok) check.hint = "free some space";
  if (access(here.c_str(), W_OK) == 0) return check;
  check.health = Health::limited;
  check.hint = "this folder cannot be written: a study needs one that can";
  return check;
}

std::vector<Check> all_checks() {
  std::vector<Check> checks = {{.name = "hpo", .detail = HPO_VERSION}};
  checks.push_back(cpu_check());
  add_gpus(checks);
  checks.push_back(model_check());
  checks.push_back(supervisor_check());
  checks.push_back(lock_check());
  checks.push_back(disk_check());
  checks.push_back({.name = "SQLite", .detail = sqlite_version()});
  return checks;
}

void print_checks(const std::vector<Check>& checks, Format format) {
  Table table({{.title = "what"}, {.title = ""}, {.title = "found", .may_shrink = true}});
  if (format == Format::csv) print(csv_line({"name", "health", "detail", "hint"}));
  for (const auto& c : checks) {
    table.add({c.name, to_string(c.health), c.detail});
    if (!c.hint.empty()) table.add({"", "", "  " + c.hint});
    if (format == Format::csv) print(csv_line({c.name, to_string(c.health), c.detail, c.hint}));
  }
  if (format == Format::table) print(table.text(terminal_width(STDOUT_FILENO)));
}

void print_checks_json(const std::vector<Check>& checks, bool is_healthy) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& c : checks) {
    list.push_back(
        {{"name", c.name},
         {"health", to_string(c.health)},
         {"detail", c.detail},
         {"hint", c.hint.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(c.hint)}});
  }
  print_json({{"healthy", is_healthy}, {"checks", std::move(list)}});
}

}  // namespace

int run_doctor(const DoctorArgs& args) {
  const auto checks = all_checks();
  bool is_healthy = true;
  for (const auto& c : checks) is_healthy = is_healthy && c.health != Health::broken;
  if (args.format == Format::json) {
    print_checks_json(checks, is_healthy);
  } else {
    print_checks(checks, args.format);
  }
  return is_healthy ? kDone : kEnvironment;
}

}  // namespace hpo::cli
