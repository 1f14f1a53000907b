#pragma once

#include <filesystem>

#include "engine/supervisor/records.h"

namespace hpo::supervision {

/// Writes the start record, whole or not at all. Returns 0 or errno.
int write_start(const std::filesystem::path& root, int attempt, const StartRecord& record);

/// The exit record's room on the disk, taken before the command starts: what the command does to
/// the disk cannot keep its end from being recorded.
class ExitRecordWriter {
 public:
  ExitRecordWriter() = default;
  ~ExitRecordWriter();
  ExitRecordWriter(const ExitRecordWriter&) = delete;
  ExitRecordWriter& operator=(const ExitRecordWriter&) = delete;

  /// Returns 0 or errno.
  int reserve(const std::filesystem::path& root, int attempt);
  /// Puts the record in its place, whole and on the disk. Returns 0 or errno.
  int write(const ExitRecord& record);

 private:
  std::filesystem::path file_ = {};
  std::filesystem::path part_ = {};
  int descriptor_ = -1;
};

}  // namespace hpo::supervision
