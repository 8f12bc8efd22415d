// SPDX-License-Identifier: MIT
#include "daemon/dbus/bus_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "common/login_wire.h"
#include "daemon/dbus/administration_object.h"
#include "daemon/dbus/enrollment_object.h"
#include "daemon/dbus/login_object.h"

namespace twinlock::dbus {
namespace {

constexpr int kLongestWaitMs = 1000;
constexpr int kMessagesInARow = 64;

// The library reads the address from the environment only. Its factory that takes one instead makes
// a connection that it trusts, that is, it skips the checks of who may call (S46).
void choose_bus(const std::string& address) {
  if (!address.empty()) setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1);
}

}  // namespace

struct BusServer::Parts {
  Parts(const Services& services, const GateLimits& limits)
      : queue(limits), dispatcher(queue, services.log) {}

  WorkQueue queue;
  Dispatcher dispatcher;
  std::unique_ptr<sdbus::IConnection> connection;
  std::unique_ptr<sdbus::IObject> object;
  std::unique_ptr<LoginObject> login;
  std::unique_ptr<EnrollmentObject> enrollment;
  std::unique_ptr<AdministrationObject> administration;

  void offer(const Services& services);
};

void BusServer::Parts::offer(const Services& services) {
  object = create_object(*connection, wire::kObjectPath);
  login = std::make_unique<LoginObject>(*object, dispatcher, services.engine);
  enrollment = std::make_unique<EnrollmentObject>(
      *object,
      dispatcher,
      EnrollmentObject::Parts{
          services.engine, services.enrollment, services.administration, services.directory});
  administration =
      std::make_unique<AdministrationObject>(*object,
                                             dispatcher,
                                             AdministrationObject::Parts{services.enrollment,
                                                                         services.administration,
                                                                         services.audit,
                                                                         services.directory,
                                                                         services.clock,
                                                                         services.log,
                                                                         services.version,
                                                                         services.started});
  finish_registration(*object);
}

BusServer::BusServer(const Services& services, const GateLimits& limits)
    : services_(services),
      parts_(std::make_unique<Parts>(services, limits)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

BusServer::~BusServer() {
  parts_->queue.drain();  // the calls that run use the objects
  close(wake_);
}

Status BusServer::open(const std::string& address) {
  choose_bus(address);
  auto& parts = *parts_;
  try {
    parts.connection = sdbus::createSystemBusConnection();
    parts.offer(services_);
    request_name(*parts.connection, wire::kBusName);
  } catch (const sdbus::Error& error) {
    return Error{ErrorCode::Unavailable,
                 std::string("the system bus: ") + error.what() +
                     "; is dbus running, is its policy for " + wire::kBusName +
                     " installed, and no other twinlockd running?"};
  }
  return Done{};
}

BusServer::End BusServer::run() {
  const auto end = serve();
  parts_->queue.drain();
  return end;
}

BusServer::End BusServer::serve() {
  auto& connection = *parts_->connection;
  try {
    for (;;) {
      ++rounds_;
      // A flood never ends by itself: look up now and then, for the watchdog and for stop().
      bool more = true;
      for (int i = 0; more && i < kMessagesInARow; ++i) more = process_pending(connection);
      const auto wanted = connection.getEventLoopPollData();
      std::array<pollfd, 2> files{pollfd{wanted.fd, wanted.events, 0}, pollfd{wake_, POLLIN, 0}};
      // Never longer than a second: a reply that a worker could not write whole is sent on here,
      // and the watchdog sees that the loop is alive.
      const int wait = wanted.getPollTimeout();
      const int bounded = more ? 0 : wait < 0 ? kLongestWaitMs : std::min(wait, kLongestWaitMs);
      if (poll(files.data(), files.size(), bounded) < 0 && errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "poll");
      }
      if ((files[1].revents & POLLIN) != 0) return End::Stopped;
    }
  } catch (const std::exception& error) {
    services_.log.problem(
        Severity::Alert, "bus", std::string("the connection is lost: ") + error.what());
    return End::BusLost;
  }
}

void BusServer::stop() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
}

void BusServer::configure(const GateLimits& limits) { parts_->queue.configure(limits); }

}  // namespace twinlock::dbus
