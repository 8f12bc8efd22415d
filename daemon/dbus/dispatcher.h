// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_DISPATCHER_H
#define TWINLOCK_DAEMON_DBUS_DISPATCHER_H

#include <exception>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "common/result.h"
#include "daemon/dbus/access.h"
#include "daemon/dbus/caller.h"
#include "daemon/dbus/errors.h"
#include "daemon/dbus/sdbus_compat.h"
#include "daemon/dbus/work_queue.h"
#include "daemon/ports/event_log.h"

namespace twinlock::dbus {

// How a call ends: with its values, an error of the domain, or one that only the bus knows.
template <typename... Values>
using Outcome = std::variant<std::tuple<Values...>, Error, BusError>;

// Carries a call from the bus thread, which only finds out who calls, to a worker, which judges,
// works and answers (S47). The last catch of this edge: whatever happens, the caller gets one
// answer, and only what that answer's table allows (S43).
class Dispatcher {
 public:
  Dispatcher(WorkQueue& queue, Callers& callers, EventLog& log)
      : queue_(queue), callers_(callers), log_(log) {}

  // On the bus thread, while `object` handles the call that `result` answers. `work(caller)`
  // returns an Outcome<Values...>.
  template <typename... Values, typename Work>
  void dispatch(const sdbus::IObject& object,
                const char* method,
                AccessRule& rule,
                sdbus::Result<Values...>&& result,
                Work work) {
    try {
      // Shared, since a queue of std::function holds only what can be copied.
      const auto call = std::make_shared<Call<Work, Values...>>(
          Call<Work, Values...>{std::move(result), std::move(work), method});
      callers_.identify(object, [this, call, &rule](const Callers::Identified& identified) {
        admit(call, identified, rule);
      });
    } catch (const std::exception&) {
      // No memory. The library turns its own exceptions into a reply, and no others.
      throw make_error("org.freedesktop.DBus.Error.NoMemory", "");
    }
  }

 private:
  template <typename Work, typename... Values>
  struct Call {
    sdbus::Result<Values...> result;
    Work work;
    const char* method;
  };

  template <typename Called>
  void admit(const std::shared_ptr<Called>& call,
             const Callers::Identified& identified,
             AccessRule& rule) {
    try {
      const auto* const caller = std::get_if<Caller>(&identified);
      if (caller == nullptr) return fail(call->result, unidentified(identified));
      const auto admission = queue_.submit(
          caller->uid, [this, call, caller = *caller, &rule] { serve(*call, caller, rule); });
      if (admission != Admission::Accepted) fail(call->result, refusal(admission));
    } catch (const std::exception& error) {
      fail(call->result, reported({ErrorCode::Internal, error.what()}, call->method));
    }
  }

  template <typename Work, typename... Values>
  void serve(Call<Work, Values...>& call, const Caller& caller, AccessRule& rule) {
    try {
      if (rule.judge(caller) != Access::Allowed) {
        note_refusal(call.method, caller);
        return fail(call.result, access_denied());
      }
      answer<Values...>(call, call.work(caller));
    } catch (const std::exception& error) {
      fail(call.result, reported({ErrorCode::Internal, error.what()}, call.method));
    } catch (...) {
      fail(call.result, reported({ErrorCode::Internal, "unknown exception"}, call.method));
    }
  }

  template <typename... Values, typename Called>
  void answer(Called& call, const Outcome<Values...>& outcome) {
    if (const auto* error = std::get_if<Error>(&outcome)) {
      return fail(call.result, reported(*error, call.method));
    }
    if (const auto* error = std::get_if<BusError>(&outcome)) return fail(call.result, *error);
    deliver(call.method, [&] {
      std::apply([&call](const auto&... values) { call.result.returnResults(values...); },
                 std::get<std::tuple<Values...>>(outcome));
    });
  }

  template <typename Reply>
  void fail(const Reply& result, const BusError& error) {
    deliver("error", [&] { result.returnError(make_error(error.name, error.text)); });
  }

  // A caller that has gone can't be answered, and needn't be.
  template <typename Send>
  void deliver(const char* what, Send send) {
    try {
      send();
    } catch (const std::exception& error) {
      log_.problem(Severity::Notice, "bus", std::string(what) + ": no reply: " + error.what());
    }
  }

  BusError reported(const Error& error, const char* method);
  void note_refusal(const char* method, const Caller& caller);

  static BusError unidentified(const Callers::Identified& identified);

  WorkQueue& queue_;
  Callers& callers_;
  EventLog& log_;
};

}  // namespace twinlock::dbus

#endif
