// SPDX-License-Identifier: MIT
#include "daemon/dbus/bus_server.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <thread>

#include "common/login_wire.h"
#include "daemon/dbus/sdbus_compat.h"

namespace twinlock::dbus {
namespace {

int make_event() {
  const int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return event;
}

}  // namespace

// The library reads the address from the environment only. Its factory that takes one instead makes
// a connection that it trusts, that is, it skips the checks of who may call (S46).
void choose_bus(const std::string& address) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet
  if (!address.empty()) setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1);
}

BusServer::BusServer(const Services& services, const GateLimits& limits)
    : queue_(limits),
      ending_(make_event()),
      for_root_(services, queue_, ending_),
      for_anybody_(services, queue_, ending_) {}

BusServer::~BusServer() {
  queue_.drain();  // the calls that run use the objects
  close(ending_);
}

Status BusServer::open() {
  const char* name = wire::kBusName;
  try {
    for_anybody_.open(name);
    name = wire::kRootBusName;
    for_root_.open(name);
  } catch (const sdbus::Error& error) {
    return Error{ErrorCode::Unavailable,
                 std::string("the bus: ") + error.what() +
                     "; is dbus running (at the address of [bus] in twinlock.toml, if that names "
                     "one), is its policy for " +
                     name + " installed, and no other twinlockd running?"};
  }
  return Done{};
}

BusServer::End BusServer::run(const std::function<void(const char* what)>& ending) {
  auto other = End::Stopped;
  std::thread anybody([this, &other] {
    other = for_anybody_.serve();
    stop();
  });
  const auto end = for_root_.serve();
  stop();
  ending("the loop of users' calls");
  anybody.join();
  ending("a call that was accepted");
  queue_.drain();
  return end == End::BusLost ? end : other;
}

void BusServer::stop() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(ending_, &one, sizeof one);
}

void BusServer::configure(const GateLimits& limits) { queue_.configure(limits); }

}  // namespace twinlock::dbus
