#include "engine/supervisor/records.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <map>

namespace hpo::supervision {
namespace {

namespace fs = std::filesystem;

/// The last pair of a job: what tells a whole text from a cut one.
constexpr std::string_view kEnd = "end";

template <class Number>
std::string text_of(Number number) {
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), end};
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// `key=value` lines, closed by `end`.
class Fields {
 public:
  explicit Fields(std::string_view text) {
    while (!text.empty()) {
      const auto newline = text.find('\n');
      if (newline == std::string_view::npos) return;
      const std::string_view line = text.substr(0, newline);
      text.remove_prefix(newline + 1);
      if (line == kEnd) whole_ = true;
      const auto equals = line.find('=');
      if (equals == std::string_view::npos) continue;
      values_.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
  }
  [[nodiscard]] bool is_whole() const { return whole_; }
  [[nodiscard]] std::string text(const std::string& key) const {
    const auto at = values_.find(key);
    return at == values_.end() ? std::string() : at->second;
  }
  template <class Number>
  [[nodiscard]] Number number(const std::string& key) const {
    Number value = 0;
    return parse(text(key), value) ? value : Number{0};
  }

 private:
  std::map<std::string, std::string> values_ = {};
  bool whole_ = false;
};

std::string line(const char* key, const std::string& value) {
  return std::string(key) + "=" + value + "\n";
}
template <class Number>
std::string line(const char* key, Number value) {
  return line(key, text_of(value));
}

void append(std::string& text, std::string_view key, std::string_view value) {
  text.append(key).push_back('\0');
  text.append(value).push_back('\0');
}

bool take(std::string_view& text, std::string_view& word) {
  const auto nul = text.find('\0');
  if (nul == std::string_view::npos) return false;
  word = text.substr(0, nul);
  text.remove_prefix(nul + 1);
  return true;
}

bool set(Job& job, std::string_view key, std::string_view value) {
  if (key == "owner") job.owner = value;
  if (key == "folder") job.working_directory = value;
  if (key == "argument") job.arguments.emplace_back(value);
  if (key == "environment") job.environment.emplace_back(value);
  if (key == "remove") job.removals.emplace_back(value);
  if (key == "timeout_s") return parse(value, job.timeout_s);
  if (key == "grace_s") return parse(value, job.grace_s);
  if (key == "cpu") return parse(value, job.cpus.emplace_back());
  return true;
}

fs::path attempt_file(const fs::path& root, int attempt, const char* extension) {
  return root / ("attempt-" + std::to_string(attempt) + extension);
}

}  // namespace

std::string encode(const Job& job) {
  std::string text;
  append(text, "owner", job.owner);
  append(text, "folder", job.working_directory);
  append(text, "timeout_s", text_of(job.timeout_s));
  append(text, "grace_s", text_of(job.grace_s));
  for (const int cpu : job.cpus) append(text, "cpu", text_of(cpu));
  for (const auto& path : job.removals) append(text, "remove", path);
  for (const auto& word : job.arguments) append(text, "argument", word);
  for (const auto& variable : job.environment) append(text, "environment", variable);
  append(text, kEnd, "");
  return text;
}

std::optional<Job> decode_job(std::string_view text) {
  Job job;
  std::string_view key;
  std::string_view value;
  while (take(text, key) && take(text, value)) {
    if (key == kEnd) return job.arguments.empty() ? std::nullopt : std::optional(std::move(job));
    if (!set(job, key, value)) return std::nullopt;
  }
  return std::nullopt;
}

std::string encode(const StartRecord& record) {
  return line("owner", record.owner) + line("pid", record.pid) + line("ticks", record.ticks) +
         line("boot", record.boot) + line("started_ns", record.started_ns) + std::string(kEnd) +
         "\n";
}

std::optional<StartRecord> decode_start(std::string_view text) {
  const Fields fields(text);
  if (!fields.is_whole()) return std::nullopt;
  return StartRecord{.owner = fields.text("owner"),
                     .pid = fields.number<pid_t>("pid"),
                     .ticks = fields.number<std::uint64_t>("ticks"),
                     .boot = fields.text("boot"),
                     .started_ns = fields.number<std::int64_t>("started_ns")};
}

std::string encode(const ExitRecord& record) {
  return line("failed_step", static_cast<int>(record.failed_step)) + line("error", record.error) +
         line("code", record.code) + line("signal", record.signal) +
         line("timed_out", record.timed_out ? 1 : 0) + line("killed", record.killed ? 1 : 0) +
         line("stop", static_cast<int>(record.stop)) + line("oom_kills", record.oom_kills) +
         line("started_ns", record.started_ns) + line("ended_ns", record.ended_ns) +
         line("cpu_s", record.cpu_s) + line("max_rss_kib", record.max_rss_kib) + std::string(kEnd) +
         "\n";
}

std::optional<ExitRecord> decode_exit(std::string_view text) {
  const Fields fields(text);
  if (!fields.is_whole()) return std::nullopt;
  return ExitRecord{.failed_step = static_cast<StartStep>(fields.number<int>("failed_step")),
                    .error = fields.number<int>("error"),
                    .code = fields.number<int>("code"),
                    .signal = fields.number<int>("signal"),
                    .timed_out = fields.number<int>("timed_out") != 0,
                    .killed = fields.number<int>("killed") != 0,
                    .stop = static_cast<Stop>(fields.number<int>("stop")),
                    .oom_kills = fields.number<std::int64_t>("oom_kills"),
                    .started_ns = fields.number<std::int64_t>("started_ns"),
                    .ended_ns = fields.number<std::int64_t>("ended_ns"),
                    .cpu_s = fields.number<double>("cpu_s"),
                    .max_rss_kib = fields.number<std::int64_t>("max_rss_kib")};
}

fs::path start_file(const fs::path& root, int attempt) {
  return attempt_file(root, attempt, ".start");
}
fs::path exit_file(const fs::path& root, int attempt) {
  return attempt_file(root, attempt, ".exit");
}
fs::path log_file(const fs::path& root, int attempt) { return attempt_file(root, attempt, ".log"); }

std::optional<StartRecord> read_start(const fs::path& root, int attempt) {
  const auto text = read_file(start_file(root, attempt));
  return text ? decode_start(*text) : std::nullopt;
}

std::optional<ExitRecord> read_exit(const fs::path& root, int attempt) {
  const auto text = read_file(exit_file(root, attempt));
  return text ? decode_exit(*text) : std::nullopt;
}

std::optional<std::string> read_file(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  auto text = read_all(descriptor);
  close(descriptor);
  return text;
}

std::optional<std::string> read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

}  // namespace hpo::supervision
