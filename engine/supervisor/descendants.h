#pragma once

namespace hpo::supervision {

/// Kills every process below this one and waits until they are gone, also those that left the
/// process group or session: this process is a subreaper, so orphans become its children. Gives up
/// only on processes that it may not signal.
void kill_descendants();

}  // namespace hpo::supervision
