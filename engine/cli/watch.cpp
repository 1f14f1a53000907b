#include "engine/cli/watch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/output.h"
#include "engine/cli/redrawn_lines.h"
#include "engine/cli/status_page.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"

namespace hpo::cli {
namespace {

/// The database is read so often: people see a second as now, and a large study is read fast
/// enough.
constexpr timespec kInterval = {.tv_sec = 0, .tv_nsec = 500'000'000};

/// Signals that are waited for, not caught: nothing interrupts a frame that is being written.
class WaitedSignals {
 public:
  WaitedSignals() {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP}) {
      sigaddset(&set_, signal);
    }
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~WaitedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WaitedSignals(const WaitedSignals&) = delete;
  WaitedSignals& operator=(const WaitedSignals&) = delete;

  /// The signal that came within the interval; nothing where none did.
  [[nodiscard]] std::optional<int> next() const {
    const int signal = sigtimedwait(&set_, nullptr, &kInterval);
    return signal > 0 ? std::optional(signal) : std::nullopt;
  }

 private:
  sigset_t set_ = {};
  sigset_t before_ = {};
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// What is seen of the study, in whichever way stdout can show it.
class View {
 public:
  View() : is_lively_(is_lively(STDOUT_FILENO)) {}

  void show(const LoadedStudy& loaded) { is_lively_ ? draw(loaded) : say(loaded); }

  /// Leaves the screen as it was before the first frame.
  void remove() {
    if (!is_lively_) return;
    print(lines_.erase(terminal_width(STDOUT_FILENO)) + kShowCursor);
    flush_output();
  }

 private:
  void draw(const LoadedStudy& loaded) {
    const int columns = terminal_width(STDOUT_FILENO);
    const std::string page = status_page(loaded, {}, columns, draws_unicode(STDOUT_FILENO));
    auto lines = lines_of(page);
    lines.emplace_back("Ctrl-C: end this view; the study goes on");
    const auto room = static_cast<std::size_t>(std::max(2, terminal_height(STDOUT_FILENO) - 1));
    if (lines.size() > room)
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(room) - 1, lines.end() - 1);
    for (auto& line : lines) line = shortened(line, columns);
    print(kHideCursor + lines_.draw(lines, columns));
    flush_output();
  }

  void say(const LoadedStudy& loaded) {
    std::string line = standing_line(loaded);
    if (line == said_) return;
    print(line + "\n");
    flush_output();
    said_ = std::move(line);
  }

  bool is_lively_;
  RedrawnLines lines_ = {};
  std::string said_ = {};
};

/// The exit code of a signal that ends the view; nothing of one that does not.
std::optional<int> ended_by(int signal) {
  switch (signal) {
    case SIGINT:
    case SIGQUIT:
      return kInterrupted;
    case SIGTERM:
    case SIGHUP:
      return kTerminated;
    default:
      return std::nullopt;
  }
}

}  // namespace

int watch(LoadedStudy& loaded) {
  const WaitedSignals signals;
  View view;
  while (loaded.stored.holder && !is_output_closed()) {
    view.show(loaded);
    const auto signal = signals.next();
    const auto code = signal ? ended_by(*signal) : std::nullopt;
    if (code || signal == SIGTSTP) view.remove();
    if (code) return *code;
    if (signal == SIGTSTP) kill(getpid(), SIGSTOP);  // Ctrl-Z: drawn anew when it goes on
    auto stored = loaded.reader->load(loaded.name());
    if (!stored) {
      view.remove();
      return fail(stored.error(), Format::table);
    }
    loaded.stored = std::move(*stored);
  }
  view.remove();
  return kDone;
}

}  // namespace hpo::cli
