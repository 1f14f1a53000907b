// hpo ask-tell: suggestions over JSON lines on stdin and stdout.

#include "engine/ask_tell/ask_tell.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "engine/cli/file_args.h"
#include "engine/cli/sources.h"
#include "engine/cli/study_run.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/execution/line_splitter.h"

namespace hpo::cli {
namespace {

/// Writes a line at once: who asked waits for it.
bool write_answer(std::string_view line) {
  print(line);
  print("\n");
  flush_output();
  return !is_output_closed();
}

// What the splitter cuts off is refused by its length.
static_assert(LineSplitter::kLongestLine > kLongestRequest);

/// Answers the lines of stdin until its end, or until nobody reads the answers.
Result<void> converse(AskTell& session) {
  std::array<char, 65'536> buffer{};
  LineSplitter lines;
  const auto on_line = [&](std::string_view line) {
    if (!is_output_closed()) session.handle(line, write_answer);
  };
  while (!is_output_closed()) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return Error{.code = ErrorCode::environment,
                   .message = fmt::format("cannot read stdin: {}", std::strerror(errno))};
    }
    if (count == 0) break;
    lines.feed({buffer.data(), static_cast<std::size_t>(count)}, on_line);
  }
  lines.finish(on_line);
  return {};
}

Result<std::unique_ptr<StudyStore>> open_store(const TuningConfig& config, bool memory) {
  if (memory) return make_memory_store();
  auto store = make_sqlite_store(config.storage);
  if (!store) return store;
  if (auto same = check_same_work(config); !same) return same.error();
  return store;
}

void say_begin(const TuningConfig& config, const Study& study) {
  const auto pending = static_cast<std::int64_t>(study.trials.size()) - study.finished();
  note(fmt::format("study {} in {}: {} told, {} pending", config.study.name,
                   printable(config.storage.string()), study.finished(), pending));
}

}  // namespace

int run_ask_tell(const AskTellArgs& args) {
  const Format format = args.file.format;
  const auto loaded = load_file(args.file, ConfigUse::ask_tell);
  if (!loaded.config) return fail(loaded.errors, format);
  const TuningConfig& config = *loaded.config;
  const auto sampler = make_file_sampler(config);
  if (!sampler) return fail(sampler.error(), format);
  const auto store = open_store(config, args.memory);
  if (!store) return fail(store.error(), format);
  WarmStart read = read_sources(config, args.memory);
  if (const auto failed = fail(read, format)) return *failed;
  note_sources(read.sources);
  const OpenOptions options{.config = to_json_text(config), .sources = std::move(read.sources)};
  auto opened = (*store)->open(config.study, options);
  if (!opened) return fail(opened.error(), format);
  AskTell session(config, std::move(*opened), **sampler, **store);
  if (auto prepared = session.prepare(); !prepared) return fail(prepared.error(), format);
  if (!args.memory) say_begin(config, session.study());
  if (auto ended = converse(session); !ended) return fail(ended.error(), format);
  return kDone;
}

}  // namespace hpo::cli
