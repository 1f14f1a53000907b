// Prints suggested_text(): a test runs it as another process.

#include <cstdio>

#include "tests/bayesopt/suggested_text.h"

int main() {
  std::fputs(hpo::testing_support::suggested_text().c_str(), stdout);
  return 0;
}
