// SPDX-License-Identifier: MIT
//
// The module believes root's daemon only, so these tests have to be root: of the machine, or else
// of a user namespace of their own. With --serve ADDRESS the program is a daemon that grants, for
// the bus to start.
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <cstring>
#include <iostream>
#include <string>

#include "tests/integration/pam/scripted_daemon.h"
#include "tests/unit/pam_module/pam_login.h"

namespace {

bool become_root() {
  if (geteuid() == 0) return true;
  const auto map = "0 " + std::to_string(geteuid()) + " 1";
  if (unshare(CLONE_NEWUSER) != 0) return false;
  twinlock::test::write_file("/proc/self/uid_map", map);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--serve") == 0) {
    twinlock::test::serve_logins(argv[2], twinlock::test::decides(5), -1, [] {});
    return 0;
  }
  testing::InitGoogleTest(&argc, argv);
  // CTest asks for the list of tests while it builds, without any right.
  if (!testing::GTEST_FLAG(list_tests) && !become_root()) {
    std::cout << "skipped: needs root, or user namespaces for everybody\n";
    return 77;
  }
  return RUN_ALL_TESTS();
}
