// SPDX-License-Identifier: MIT
//
// name_owner DATABASE: opens the store and takes our bus name, and nothing else. The floor that the
// daemon's start is compared with: whoever asks for it gets an answer as soon as that is done.
#include <sqlite3.h>
#include <systemd/sd-bus.h>

#include <iostream>

#include "common/login_wire.h"

int main(int argc, char** argv) {
  sqlite3* database = nullptr;
  sd_bus* bus = nullptr;
  if (argc != 2 ||
      sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
      sqlite3_exec(database, "SELECT count(*) FROM settings", nullptr, nullptr, nullptr) !=
          SQLITE_OK ||
      sd_bus_open_system(&bus) < 0 ||
      sd_bus_request_name(bus, twinlock::wire::kRootBusName, 0) < 0) {
    std::cerr << "name_owner: no store or no bus\n";
    return 2;
  }
  while (sd_bus_wait(bus, UINT64_MAX) >= 0) {
    int handled = 0;
    do {
      handled = sd_bus_process(bus, nullptr);
    } while (handled > 0);
    if (handled < 0) break;
  }
  return 0;
}
