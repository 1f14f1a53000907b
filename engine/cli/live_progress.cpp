#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "engine/cli/live_frame.h"
#include "engine/cli/progress.h"
#include "engine/cli/study_text.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"

namespace hpo::cli {
namespace {

constexpr const char* kHideCursor = "\033[?25l";
constexpr const char* kShowCursor = "\033[?25h";
constexpr auto kRedrawInterval = std::chrono::milliseconds(100);

/// Whole text in one write, so that no half frame is seen. A terminal that went away is no error.
void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// Ends by these are nobody's plan; the cursor is given back all the same.
constexpr std::array kCrashes = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT};

void show_cursor_and_die(int signal) {
  constexpr std::string_view kShow = "\033[?25h\n";
  [[maybe_unused]] const ssize_t n = write(STDERR_FILENO, kShow.data(), kShow.size());
  raise(signal);  // SA_RESETHAND: now the default
}

void guard_cursor() {
  struct sigaction action {};
  action.sa_handler = show_cursor_and_die;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int signal : kCrashes) sigaction(signal, &action, nullptr);
}

class LiveProgress final : public Progress {
 public:
  explicit LiveProgress(RunFacts facts) : facts_(std::move(facts)) {
    guard_cursor();
    resume();
  }
  ~LiveProgress() override { pause(); }

  void on_started(const Study&, const Trial& trial) override {
    facts_.started(trial, std::chrono::steady_clock::now());
    changed();
  }
  void on_report(const Study&, const Trial& trial, const Measurement& measurement) override {
    facts_.reported(trial, measurement);
    changed();
  }
  void on_finished(const Study&, const Trial& trial) override {
    const bool is_best = facts_.finished(trial);
    if (trial.state == TrialState::failed) {
      print_above(end_line(facts_, trial, is_best) + "\n" + log_excerpt(facts_, trial));
    }
    changed();
  }
  void on_slots(const std::vector<SlotStatus>& slots) override {
    facts_.slots = slots;
    changed();
  }
  void on_notice(const std::string& message) override { say(message); }
  void say(const std::string& line) override { print_above(line + "\n"); }
  void tick(const std::string& status) override {
    if (status != status_) {
      status_ = status;
      facts_.eta_s = live_status(status).eta_s;
    }
    draw();
  }
  void on_interrupt(Interrupt level) override {
    facts_.interrupt = level;
    draw();
  }
  void pause() override {
    if (!is_shown_) return;
    write_all(erased() + kShowCursor);
    is_shown_ = false;
  }
  void resume() override {
    if (is_shown_) return;
    write_all(kHideCursor);
    is_shown_ = true;
    draw();
  }

 private:
  /// Rows that the drawn lines take now: a narrower window has wrapped them.
  [[nodiscard]] int drawn_rows(int columns) const {
    int rows = 0;
    for (const int width : drawn_) rows += 1 + std::max(0, width - 1) / columns;
    return rows;
  }

  /// Moves to where the view begins and clears from there. What the terminal echoed after it (`^C`)
  /// stands in the row below and goes too.
  std::string erased() {
    const int rows = drawn_rows(terminal_width(STDERR_FILENO));
    drawn_.clear();
    return rows > 0 ? fmt::format("\r\033[{}A\033[J", rows) : "\r\033[J";
  }

  /// Lines are overwritten one by one and the rest cleared, so nothing flickers; one write.
  std::string frame() {
    const FrameStyle style{.columns = terminal_width(STDERR_FILENO),
                           .lines = terminal_height(STDERR_FILENO) - 1,
                           .has_unicode = has_unicode_};
    const int rows = drawn_rows(style.columns);
    std::string text = rows > 0 ? fmt::format("\r\033[{}A", rows) : "\r";
    drawn_.clear();
    for (const auto& line : live_frame(facts_, std::chrono::steady_clock::now(), style)) {
      text += line + "\033[K\n";
      drawn_.push_back(display_width(line));
    }
    return text + "\033[J";
  }

  void draw() {
    if (!is_shown_) return;
    last_draw_ = std::chrono::steady_clock::now();
    write_all(frame());
  }

  /// Thousands of events a second redraw some times a second; tick draws the last state.
  void changed() {
    if (std::chrono::steady_clock::now() - last_draw_ >= kRedrawInterval) draw();
  }

  void print_above(const std::string& text) {
    if (!is_shown_) return write_all(text);
    std::string out = erased() + text;
    out += frame();
    write_all(out);
  }

  RunFacts facts_;
  std::vector<int> drawn_ = {};  ///< width of each line on the screen
  std::string status_ = {};
  SteadyTime last_draw_ = {};
  bool is_shown_ = false;
  bool has_unicode_ = cli::has_unicode();
};

}  // namespace

std::unique_ptr<Progress> make_live_progress(RunFacts facts) {
  return std::make_unique<LiveProgress>(std::move(facts));
}

}  // namespace hpo::cli
