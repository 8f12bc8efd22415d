// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_DEPARTURES_H
#define TWINLOCK_DAEMON_DOMAIN_DEPARTURES_H

#include <chrono>
#include <mutex>
#include <optional>

#include "common/result.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/limits.h"
#include "daemon/ports/account_directory.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/store.h"

namespace twinlock {

// Deletes what accounts leave behind that have been gone from the system for long enough (S148).
// Their factors stop at once without this: a login needs an account of the same name and uid.
//
//            no such account, or another uid            gone for `lifetime`
//   there ───────────────────────────────────► absent ──────────────────────► purged, recorded
//     ▲                                          │ │
//     └──────────── there again ─────────────────┘ └─ not seen for a week, used since, or the clock
//                                                     was set back: the absence begins anew
//
// A directory that can't say is believed neither way (S47). One that forgets accounts for a while,
// or a clock that jumps ahead, must not delete anything either: an absence is only as long as it
// was seen, look by look. A directory that comes up after us on every boot, and says "no such
// account" until then, is why the first round of a process purges nobody.
//
// One thread calls, but for keep_for().
class Departures {
 public:
  struct Ports {
    OwnerStore& owners;
    AccountDirectory& directory;
    Clock& clock;
    AuditTrail& audit;
  };

  // Nothing: for ever.
  using Lifetime = std::optional<std::chrono::hours>;

  explicit Departures(const Ports& ports, Lifetime lifetime = kDeletedAccountLifetime)
      : ports_(ports), lifetime_(lifetime) {}

  // From the next look on. Any thread.
  void keep_for(Lifetime lifetime);

  // Looks for the account of the next owner, and deletes up to `limit` rows where it is time: one
  // or two short transactions, and one question to the directory. Done, or FirstDone in the round
  // that purges nobody: every owner has been looked at, and the next call begins again. After an
  // error that is the owner's own, the next call goes on with the next one.
  enum class Round { GoesOn, FirstDone, Done };
  [[nodiscard]] Result<Round> look_on(int limit);

 private:
  enum class Presence { There, Gone };
  [[nodiscard]] Result<Presence> look_for(const Account& account);
  [[nodiscard]] Lifetime lifetime();
  // Each returns how many rows were deleted.
  [[nodiscard]] Result<int> judge(const Owner& owner, WallTime now, int limit);
  [[nodiscard]] Result<int> note(const Owner& owner, const std::optional<Absence>& absence);
  [[nodiscard]] Result<int> purge(const Account& account,
                                  const Absence& absence,
                                  std::chrono::hours kept,
                                  int limit);

  Ports ports_;
  std::mutex mutex_;  // guards lifetime_
  Lifetime lifetime_;
  Account looked_up_to_{};
  bool first_round_ = true;
};

}  // namespace twinlock

#endif
