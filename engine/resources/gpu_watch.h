#pragma once

#include "engine/resources/device_bank.h"
#include "engine/resources/devices.h"

namespace hpo::resources {

/// Looks at a GPU through NVML: is it healthy, and does a process compute on it that is no trial of
/// an hpo process? On a GPU of which a part is leased, the trials there descend from a holder of
/// its lock file; a process that cannot be looked at is taken for one of them.
DeviceBank::LookFn watch_gpus(Gpus gpus);

}  // namespace hpo::resources
