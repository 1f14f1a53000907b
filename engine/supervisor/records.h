#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the engine and a trial's supervisor tell each other: all of it lies in the trial's folder,
/// so that either may die and the other, or a successor, still knows where the attempt stands.
namespace hpo::supervision {

/// What the supervisor runs. It gets the text of encode() on its standard input.
struct Job {
  std::string owner = {};  ///< whose attempt it is; one word, kept in the start record
  std::string working_directory = {};
  std::vector<std::string> arguments = {};    ///< the program, searched in PATH, and its words
  std::vector<std::string> environment = {};  ///< all of it: `NAME=value`
  std::vector<int> cpus = {};                 ///< affinity; empty: as the supervisor's own
  double timeout_s = 0;                       ///< 0: none
  double grace_s = 30;                        ///< between SIGTERM and SIGKILL
  /// Paths below the trial's folder that an earlier attempt left and this one must not see; of a
  /// folder its content. The supervisor removes them, because only it knows that nobody else runs
  /// the trial.
  std::vector<std::string> removals = {};
  bool operator==(const Job&) const = default;
};

/// `key\0value\0` pairs. No value may hold a NUL.
std::string encode(const Job& job);
/// The inverse. Nothing for a text that was cut off.
std::optional<Job> decode_job(std::string_view text);

/// Written before the command starts. An attempt that has one is never started again.
struct StartRecord {
  std::string owner = {};       ///< the job's: a folder may be left from other work of its name
  pid_t pid = 0;                ///< of the supervisor
  std::uint64_t ticks = 0;      ///< when it started, since boot: with pid and boot it is unique
  std::string boot = {};        ///< the kernel's boot id
  std::int64_t started_ns = 0;  ///< since 1970, UTC
  bool operator==(const StartRecord&) const = default;
};

/// Why an attempt was told to end; the engine's words ride on its SIGTERM (sigqueue's value).
enum class Stop : int {
  none = 0,
  pruned = 1,  ///< a report was answered with `stop`
  resume = 2,  ///< to go on later
  kill = 3,    ///< the same, without grace
  signal = 4,  ///< a SIGTERM from somebody else: shutdown, kill(1)
};

/// The step of a start that failed.
enum class StartStep : int { none = 0, fork = 1, log = 2, cpus = 3, folder = 4, program = 5 };

/// Written when the command and everything that it started are gone.
struct ExitRecord {
  StartStep failed_step = StartStep::none;
  int error = 0;   ///< errno of failed_step
  int code = 0;    ///< exit code, where signal is 0
  int signal = 0;  ///< that ended the command
  bool timed_out = false;
  bool killed = false;  ///< the supervisor sent SIGKILL
  Stop stop = Stop::none;
  std::int64_t oom_kills = 0;  ///< out-of-memory kills in its control group meanwhile
  std::int64_t started_ns = 0;
  std::int64_t ended_ns = 0;
  double cpu_s = 0;  ///< user and system time of the command and all its children
  std::int64_t max_rss_kib = 0;
  bool operator==(const ExitRecord&) const = default;
};

std::string encode(const StartRecord& record);
std::string encode(const ExitRecord& record);
std::optional<StartRecord> decode_start(std::string_view text);
std::optional<ExitRecord> decode_exit(std::string_view text);

/// A start or exit record fits into so many bytes: what the supervisor sets aside at the start, so
/// that a full disk cannot swallow the end.
constexpr std::size_t kRecordBytes = 1024;

std::filesystem::path start_file(const std::filesystem::path& root, int attempt);
std::filesystem::path exit_file(const std::filesystem::path& root, int attempt);
std::filesystem::path log_file(const std::filesystem::path& root, int attempt);

/// The record if it is there, whole.
std::optional<StartRecord> read_start(const std::filesystem::path& root, int attempt);
std::optional<ExitRecord> read_exit(const std::filesystem::path& root, int attempt);

/// The whole of a small file or descriptor; nothing if it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& file);
std::optional<std::string> read_all(int descriptor);
/// Writes all of `text`. Returns 0 or errno.
int write_all(int descriptor, std::string_view text);

}  // namespace hpo::supervision
