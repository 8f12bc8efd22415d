// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_BUS_LOGIN_SERVICE_H
#define TWINLOCK_PAM_MODULE_BUS_LOGIN_SERVICE_H

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"
#include "pam_module/bus_connection.h"
#include "pam_module/clock.h"
#include "pam_module/daemon_owner.h"
#include "pam_module/login_service.h"
#include "pam_module/method_call.h"
#include "pam_module/reply.h"

namespace twinlock::pam {

// How long a login may wait for bus and daemon (S23, S28); tests bring shorter times.
struct BusTimes {
  std::chrono::milliseconds connect{2000};
  std::chrono::milliseconds call{5000};   // all calls on one connection together
  std::chrono::milliseconds retry{5000};  // a step tries again only this long after its start
  std::chrono::milliseconds between_tries{50};
  std::chrono::milliseconds cancel{1000};
};

// The daemon behind the bus. A connection lives for one step and never while a person is asked
// (S12). What comes back is believed only from a connection that owned the daemon's name when the
// login began, or when it last went away, if that is the daemon's user's, and only if it repeats
// nonce, conversation and user (S01, S11).
//
// If the daemon or the bus goes away under a call, the same call with the same nonce is made again
// until `retry` is over; the daemon evaluates a nonce once (S41). One that wasn't there to begin
// with is given up at once, unless the bus can start it.
class BusLoginService final : public LoginService {
 public:
  struct Request {
    std::string_view member;
    std::string_view signature;
    std::function<void(MethodCall& call)> add_arguments;
  };

  BusLoginService(std::string address, TimePoint deadline, const BusTimes& times = {});

  [[nodiscard]] Result<Step> begin(const LoginContext& context) override;
  [[nodiscard]] Result<Step> answer(const Secret& answer) override;
  void cancel() override;

 private:
  // A daemon that was found: its unique name, on the bus of that id.
  struct KnownDaemon {
    std::string bus;
    std::string name;
  };

  Result<Step> ask(const Request& request, const Nonce& nonce);
  Result<Reply> ask_until_answered(const Request& request);
  Result<BusMessage> call_once(const Request& request, TimePoint deadline);

  std::string address_;
  TimePoint deadline_;
  BusTimes times_;
  TrustedOwner trusted_;
  std::optional<KnownDaemon> daemon_;  // the one that has answered last
  bool daemon_seen_ = false;

  std::string user_;
  std::string conversation_;  // empty until the daemon named it, and after its decision
  Nonce previous_nonce_{};
};

}  // namespace twinlock::pam

#endif
