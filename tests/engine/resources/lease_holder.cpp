// Another hpo process: `lease_holder CPUS GPUS_PER_TRIAL CPUS_PER_TRIAL COUNT` takes up to COUNT
// leases, prints their labels and "ready", and holds them until its input ends.

#include <cstdlib>
#include <iostream>
#include <numeric>
#include <vector>

#include "engine/resources/machine.h"

int main(int count, char** arguments) {
  if (count != 5) return 2;
  auto machine = hpo::resources::this_machine();
  if (!machine) return 3;
  machine->cpus.resize(static_cast<std::size_t>(std::atoi(arguments[1])));
  std::iota(machine->cpus.begin(), machine->cpus.end(), 0);
  machine->quota.reset();
  const hpo::ResourceSpec spec{.gpus_per_trial = std::atof(arguments[2]),
                               .cpus_per_trial = std::atof(arguments[3])};
  auto pool = hpo::resources::make_local_pool(spec, *machine, hpo::resources::PoolPatience());
  if (!pool) {
    std::cerr << pool.error().message << '\n';
    return 3;
  }
  std::vector<hpo::Lease> leases;
  for (int trial = 0; trial < std::atoi(arguments[4]); ++trial) {
    auto lease = (*pool)->try_acquire(trial);
    if (!lease) break;
    std::cout << lease->resources().label << '\n';
    leases.push_back(std::move(*lease));
  }
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) continue;
  return 0;
}
