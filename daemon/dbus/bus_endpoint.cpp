// SPDX-License-Identifier: MIT
#include "daemon/dbus/bus_endpoint.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "common/login_wire.h"
#include "daemon/dbus/administration_object.h"
#include "daemon/dbus/caller.h"
#include "daemon/dbus/enrollment_object.h"
#include "daemon/dbus/login_object.h"
#include "daemon/dbus/message_guard.h"

namespace twinlock::dbus {
namespace {

constexpr int kLongestWaitMs = 1000;
constexpr int kMessagesInARow = 64;

}  // namespace

struct BusEndpoint::Parts {
  Parts(std::unique_ptr<sdbus::IConnection> made, const Services& services, WorkQueue& queue)
      : connection(std::move(made)),
        callers(*connection),
        guard(*connection, callers, services.log),
        dispatcher(queue, callers, services.log),
        object(create_object(*connection, wire::kObjectPath)),
        login(*object, dispatcher, services.engine),
        enrollment(*object, dispatcher, services),
        administration(*object, dispatcher, services) {
    finish_registration(*object);
  }

  std::unique_ptr<sdbus::IConnection> connection;
  Callers callers;
  MessageGuard guard;
  Dispatcher dispatcher;
  std::unique_ptr<sdbus::IObject> object;
  LoginObject login;
  EnrollmentObject enrollment;
  AdministrationObject administration;
};

BusEndpoint::BusEndpoint(Services services, WorkQueue& queue, int stop)
    : services_(std::move(services)), queue_(queue), stop_(stop) {}

BusEndpoint::~BusEndpoint() = default;

void BusEndpoint::open(const std::string& name) {
  parts_ = std::make_unique<Parts>(sdbus::createSystemBusConnection(), services_, queue_);
  request_name(*parts_->connection, name);
}

BusEndpoint::End BusEndpoint::serve() {
  auto& connection = *parts_->connection;
  try {
    for (;;) {
      ++rounds_;
      const bool more = read_some();
      const auto wanted = connection.getEventLoopPollData();
      std::array<pollfd, 2> files{pollfd{wanted.fd, wanted.events, 0}, pollfd{stop_, POLLIN, 0}};
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

// A flood never ends by itself: so many messages, then a look at the watchdog and at `stop`.
bool BusEndpoint::read_some() {
  for (int i = 0; i < kMessagesInARow; ++i) {
    if (!process_pending(*parts_->connection)) return false;
  }
  return true;
}

}  // namespace twinlock::dbus
