#include <fmt/format.h>

#include <algorithm>

#include "engine/cli/output.h"
#include "engine/cli/progress.h"
#include "engine/cli/text.h"

namespace hpo::cli {
namespace {

/// Lines that may follow each other at once, and in the long run in a second: more than anybody
/// reads, less than slows thousands of trials a second down.
constexpr double kBurst = 200;
constexpr double kPerSecond = 20;

/// Lets lines through at a bounded rate.
class LineBudget {
 public:
  bool take() {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> passed = now - last_;
    last_ = now;
    left_ = std::min(kBurst, left_ + passed.count() * kPerSecond);
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  double left_ = kBurst;
  SteadyTime last_ = std::chrono::steady_clock::now();
};

const char* interrupt_text(Interrupt level) {
  switch (level) {
    case Interrupt::none:
      break;
    case Interrupt::drain:
      return "no new trials; running ones finish (Ctrl-C again stops them)";
    case Interrupt::stop:
      return "stopping the running trials (Ctrl-C again kills them)";
    case Interrupt::kill:
      return "killing the running trials";
  }
  return "";
}

class PlainProgress final : public Progress {
 public:
  explicit PlainProgress(RunFacts facts) : facts_(std::move(facts)) {}

  void on_started(const Study&, const Trial& trial) override {
    if (facts_.is_in_process) return;  // its end follows at once
    if (budget_.take()) print_line(start_line(trial));
  }
  void on_adopted(const Study&, const Trial& trial) override {
    print_line(fmt::format("trial {} of the run before goes on", trial.number));
  }
  void on_report(const Study&, const Trial&, const Measurement&) override {}
  void on_finished(const Study&, const Trial& trial) override {
    const bool is_best = facts_.finished(trial);
    if (!budget_.take() && !is_best) {
      ++unprinted_;
      return;
    }
    print_line(end_line(facts_, trial, is_best));
    if (trial.state == TrialState::failed) print_excerpt(trial);
  }
  void on_slots(const std::vector<SlotStatus>& slots) override {
    std::string line = waiting_line(slots);
    if (line.empty() || line == waiting_ || !budget_.take()) return;
    waiting_ = std::move(line);
    print_line(waiting_);
  }
  void on_notice(const std::string& message) override { say(message); }
  void say(const std::string& line) override { print_line(line); }
  void tick(const std::string&) override {}
  void on_interrupt(Interrupt level) override { print_line(interrupt_text(level)); }
  void pause() override { print_unprinted(); }
  void resume() override {}

 private:
  void print_unprinted() {
    if (unprinted_ > 0) note(fmt::format("... and {}", counted(unprinted_, "more trial")));
    unprinted_ = 0;
  }
  void print_line(const std::string& line) {
    print_unprinted();
    note(line);
  }
  void print_excerpt(const Trial& trial) {
    std::string text = log_excerpt(facts_, trial);
    if (text.empty()) return;
    text.pop_back();
    note(text);
  }

  RunFacts facts_;
  LineBudget budget_ = {};
  std::string waiting_ = {};  // the last such line
  std::int64_t unprinted_ = 0;
};

}  // namespace

std::unique_ptr<Progress> make_plain_progress(RunFacts facts) {
  return std::make_unique<PlainProgress>(std::move(facts));
}

}  // namespace hpo::cli
