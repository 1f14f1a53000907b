#include "engine/supervisor/record_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace hpo::supervision {
namespace {

namespace fs = std::filesystem;

/// The name of a record that is not complete yet. Only the lock's holder writes it.
fs::path part_of(const fs::path& file) { return file.string() + ".part"; }

int move_into_place(const fs::path& part, const fs::path& file) {
  return std::rename(part.c_str(), file.c_str()) == 0 ? 0 : errno;
}

void sync_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

int write_start(const fs::path& root, int attempt, const StartRecord& record) {
  const fs::path file = start_file(root, attempt);
  const fs::path part = part_of(file);
  const int descriptor = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno;
  // Not synced: after a power cut nothing runs any more, and starting it again is right.
  const int error = write_all(descriptor, encode(record));
  close(descriptor);
  return error != 0 ? error : move_into_place(part, file);
}

ExitRecordWriter::~ExitRecordWriter() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(part_.c_str());  // fails where the record was written: then it has its own name
}

int ExitRecordWriter::reserve(const fs::path& root, int attempt) {
  file_ = exit_file(root, attempt);
  part_ = part_of(file_);
  descriptor_ = open(part_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) return errno;
  return write_all(descriptor_, std::string(kRecordBytes, '\n'));
}

int ExitRecordWriter::write(const ExitRecord& record) {
  const std::string text = encode(record);
  if (lseek(descriptor_, 0, SEEK_SET) != 0) return errno;
  if (const int error = write_all(descriptor_, text)) return error;
  if (ftruncate(descriptor_, static_cast<off_t>(text.size())) != 0) return errno;
  if (fsync(descriptor_) != 0) return errno;
  if (const int error = move_into_place(part_, file_)) return error;
  sync_folder(file_.parent_path());
  return 0;
}

}  // namespace hpo::supervision
