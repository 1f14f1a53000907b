#include "engine/cli/live_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/cli/sparkline.h"
#include "engine/cli/text.h"
#include "engine/duration_text.h"

namespace hpo::cli {
namespace {

constexpr int kWidestBar = 30;
constexpr int kCurve = 12;  ///< columns of a learning curve
/// Lines that are no devices: progress, best, counts, what Ctrl-C does.
constexpr int kOtherLines = 4;

double seconds_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double>(to - from).count();
}

double elapsed_s(const RunFacts& facts, SteadyTime now) {
  return facts.earlier_s + std::max(0.0, seconds_between(facts.begin, now));
}

/// Durations tick in whole seconds here.
std::string clock_text(double seconds) { return duration_text(std::max(1.0, std::floor(seconds))); }

/// How much is done, from 0 to 1; nothing where no limit tells.
std::optional<double> fraction_done(const RunFacts& facts, SteadyTime now) {
  std::optional<double> done;
  if (facts.limits.trials) {
    done = static_cast<double>(facts.ended()) / static_cast<double>(*facts.limits.trials);
  }
  if (facts.limits.runtime_s) {
    done = std::max(done.value_or(0), elapsed_s(facts, now) / *facts.limits.runtime_s);
  }
  return done ? std::optional(std::clamp(*done, 0.0, 1.0)) : std::nullopt;
}

std::string bar(double done, int columns, bool has_unicode) {
  const int full = static_cast<int>(std::lround(done * columns));
  std::string text;
  for (int i = 0; i < columns; ++i) {
    if (has_unicode) {
      text += i < full ? "━" : "─";
    } else {
      text += i < full ? "#" : "-";
    }
  }
  return text;
}

std::string progress_line(const RunFacts& facts, SteadyTime now, const FrameStyle& style) {
  std::string count = counted(facts.ended(), "trial");
  if (facts.limits.trials) count = fmt::format("{}/{} trials", facts.ended(), *facts.limits.trials);
  std::string text = fmt::format("{}  {}", count, clock_text(elapsed_s(facts, now)));
  if (facts.eta_s) text += fmt::format(", about {} left", clock_text(*facts.eta_s));
  const auto done = fraction_done(facts, now);
  const std::string head = shortened(facts.study, 24) + "  ";
  const int room = style.columns - display_width(head) - display_width(text) - 2;
  if (!done || room < 8) return head + text;
  return head + bar(*done, std::min(room, kWidestBar), style.has_unicode) + "  " + text;
}

std::string best_line(const RunFacts& facts) {
  if (!facts.best) return fmt::format("best  none yet ({})", printable(facts.metric));
  if (facts.objectives.size() > 1) {
    return fmt::format("front {}, knee {}  trial {}: {}",
                       counted(static_cast<std::int64_t>(facts.front.trials().size()), "trial"),
                       values_text(facts.objectives, *facts.best), facts.best->number,
                       assignments(facts.best->configuration));
  }
  return fmt::format("best  {}  trial {}: {}", values_text(facts.objectives, *facts.best),
                     facts.best->number, assignments(facts.best->configuration));
}

std::string trial_text(const RunFacts& facts, std::int64_t number, SteadyTime now,
                       bool has_unicode) {
  const auto at = facts.running.find(number);
  if (at == facts.running.end()) return fmt::format("trial {} ends", number);
  const auto& running = at->second;
  std::string text =
      fmt::format("trial {}  {}", number, clock_text(seconds_between(running.since, now)));
  if (running.step) text += fmt::format("  step {}", *running.step);
  if (running.value)
    text += fmt::format("  {} {}", printable(facts.metric), number_text(running.value));
  if (running.curve.size() > 1) text += "  " + sparkline(running.curve, kCurve, has_unicode);
  return text + "  " + assignments(running.trial.configuration);
}

/// One line for each device, and one more for each further trial that it holds.
std::vector<std::string> device_lines(const RunFacts& facts, SteadyTime now, bool has_unicode) {
  int widest = 0;
  for (const auto& slot : facts.slots)
    widest = std::max(widest, display_width(printable(slot.device)));
  std::vector<std::string> lines;
  for (const auto& slot : facts.slots) {
    const std::string name = printable(slot.device);
    const std::string margin =
        name + std::string(static_cast<std::size_t>(widest - display_width(name)), ' ') + "  ";
    if (slot.trials.empty()) {
      lines.push_back(margin +
                      (slot.idle_reason.empty() ? "idle" : "idle: " + printable(slot.idle_reason)));
    }
    for (std::size_t i = 0; i < slot.trials.size(); ++i) {
      const std::string text = trial_text(facts, slot.trials[i], now, has_unicode);
      lines.push_back(i == 0 ? margin + text : std::string(margin.size(), ' ') + text);
    }
  }
  return lines;
}

std::string interrupt_line(const RunFacts& facts) {
  const std::string running =
      counted(static_cast<std::int64_t>(facts.running.size()), "running trial");
  switch (facts.interrupt) {
    case Interrupt::none:
      return "Ctrl-C: start no more trials";
    case Interrupt::drain:
      return fmt::format("ending after {}; Ctrl-C: stop them", running);
    case Interrupt::stop:
      return fmt::format("stopping {}; Ctrl-C: kill them", running);
    case Interrupt::kill:
      return fmt::format("killing {}", running);
  }
  return {};
}

}  // namespace

std::vector<std::string> live_frame(const RunFacts& facts, SteadyTime now,
                                    const FrameStyle& style) {
  std::vector<std::string> lines = {progress_line(facts, now, style), best_line(facts)};
  auto devices = device_lines(facts, now, style.has_unicode);
  const auto room =
      static_cast<std::size_t>(std::max(1, std::min(style.lines, kMostLines) - kOtherLines));
  if (devices.size() > room) {
    const auto hidden = static_cast<std::int64_t>(devices.size() - (room - 1));
    devices.resize(room - 1);
    devices.push_back(fmt::format("and {}", counted(hidden, "more line")));
  }
  lines.insert(lines.end(), devices.begin(), devices.end());
  lines.push_back(ended_text(facts));
  lines.push_back(interrupt_line(facts));
  lines.resize(std::min(lines.size(), static_cast<std::size_t>(std::max(1, style.lines))));
  for (auto& line : lines) line = shortened(line, style.columns);
  return lines;
}

}  // namespace hpo::cli
