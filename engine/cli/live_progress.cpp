#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "engine/cli/live_frame.h"
#include "engine/cli/progress.h"
#include "engine/cli/redrawn_lines.h"
#include "engine/cli/study_text.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"

namespace hpo::cli {
namespace {

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
  std::string erased() { return lines_.erase(terminal_width(STDERR_FILENO)); }

  std::string frame() {
    const FrameStyle style{.columns = terminal_width(STDERR_FILENO),
                           .lines = terminal_height(STDERR_FILENO) - 1,
                           .has_unicode = has_unicode_};
    return lines_.draw(live_frame(facts_, std::chrono::steady_clock::now(), style), style.columns);
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
  RedrawnLines lines_ = {};
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
