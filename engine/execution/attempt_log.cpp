#include "engine/execution/attempt_log.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine/execution/files.h"
#include "engine/supervisor/records.h"

namespace hpo::execution {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

}  // namespace

AttemptLog::AttemptLog(std::filesystem::path root, int attempt, MetricReader reader)
    : root_(std::move(root)),
      file_(supervision::log_file(root_, attempt)),
      attempt_(attempt),
      reader_(std::move(reader)) {}

Result<void> AttemptLog::create() {
  descriptor_ = Descriptor(open(file_.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!descriptor_) return write_error(file_, errno);
  return {};
}

bool AttemptLog::read(const MeasurementFn& report) {
  if (!descriptor_) descriptor_ = Descriptor(open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  error_ = descriptor_ ? 0 : errno;
  if (!descriptor_) return false;
  struct stat status {};
  if (fstat(descriptor_.get(), &status) != 0 || status.st_size <= offset_) return false;
  constexpr std::int64_t kSecond = 1'000'000'000;
  changed_ns_ = status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec;
  std::array<char, kChunk> chunk;  // NOLINT: filled by pread, and too large to clear each time
  const ssize_t got = pread(descriptor_.get(), chunk.data(), chunk.size(), offset_);
  if (got <= 0) return false;
  offset_ += got;
  splitter_.feed({chunk.data(), static_cast<std::size_t>(got)},
                 [&](std::string_view line) { read_line(line, report); });
  return true;
}

void AttemptLog::finish(const MeasurementFn& report) {
  splitter_.finish([&](std::string_view line) { read_line(line, report); });
}

std::map<std::string, std::string> AttemptLog::unreadable() const {
  std::map<std::string, std::string> examples;
  for (const auto& [metric, count] : reader_.counts()) {
    if (count.values == 0 && count.unreadable > 0)
      examples.emplace(metric, printable(count.example));
  }
  return examples;
}

void AttemptLog::read_line(std::string_view line, const MeasurementFn& report) {
  for (Measurement& measurement : reader_.read(line)) {
    measurement.attempt = attempt_;
    measurement.elapsed_s = elapsed_s();
    report(measurement);
  }
}

double AttemptLog::elapsed_s() {
  if (started_ns_ == 0) {
    const auto start = supervision::read_start(root_, attempt_);
    started_ns_ = start ? start->started_ns : changed_ns_;
  }
  return 1e-9 * static_cast<double>(std::max<std::int64_t>(0, changed_ns_ - started_ns_));
}

}  // namespace hpo::execution
