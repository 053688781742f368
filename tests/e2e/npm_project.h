// Programs of npm's in tests: what partners have, and we do not build.
#ifndef SAMVERK_TESTS_E2E_NPM_PROJECT_H_
#define SAMVERK_TESTS_E2E_NPM_PROJECT_H_

#include <string>

#include "tests/e2e/programs.h"

namespace samverk::e2e {

// A folder with a package.json, and its packages.
struct NpmProject {
  std::string directory;
  // For what runs in it.
  Environment environment;
  // Not empty: why it cannot be had on this machine (no npm, no registry). The
  // test is to be skipped with it.
  std::string unavailable;
};

// Copies the folder `source` into `parent` and installs exactly what its
// package-lock.json says; scripts of packages are not run. Fails the test when
// that fails for another reason than the network.
NpmProject InstallNpmProject(const std::string& source,
                             const std::string& parent);

}  // namespace samverk::e2e

#endif  // SAMVERK_TESTS_E2E_NPM_PROJECT_H_
