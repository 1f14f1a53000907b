#pragma once

#include <memory>
#include <string>

#include "engine/cli/run_facts.h"
#include "engine/scheduler.h"

namespace hpo::cli {

/// What `hpo run` shows of a running study, on stderr.
class Progress : public SchedulerObserver {
 public:
  /// A line for people, beside whatever else is shown.
  virtual void say(const std::string& line) = 0;
  /// Some time has passed; `status` is StudyProgress.status.
  virtual void tick(const std::string& status) = 0;
  /// The user asked the study to end.
  virtual void on_interrupt(Interrupt level) = 0;
  /// Gives the terminal back, for a while or for good; `resume` goes on.
  virtual void pause() = 0;
  virtual void resume() = 0;
};

/// One line for each trial that starts or ends, no more than some tens in a second: the rest is
/// counted.
std::unique_ptr<Progress> make_plain_progress(RunFacts facts);

/// A few lines at the bottom of the terminal, redrawn in place.
std::unique_ptr<Progress> make_live_progress(RunFacts facts);

}  // namespace hpo::cli
