// SPDX-License-Identifier: MIT
#include "daemon/domain/departures.h"

#include <string>
#include <utility>

#include "common/counted.h"
#include "daemon/domain/user_id.h"

namespace twinlock {
namespace {

// How far apart two looks may be that saw the same absence.
constexpr std::chrono::hours kLongestGap = 7 * 24h;

// Whether the absence has been seen often enough to have lasted until now. A login needs the
// account, so it was there when a method of it was used.
bool goes_on(const Owner& owner, WallTime now) {
  if (!owner.absence || owner.last_used > owner.absence->first_seen) return false;
  return owner.absence->last_seen <= now && now - owner.absence->last_seen <= kLongestGap;
}

std::string text_of(const Account& account) {
  return "the account " + account.name + " (uid " + std::to_string(account.uid) + ")";
}

std::string days_of(const Absence& absence) {
  const auto length = absence.last_seen - absence.first_seen;
  return counted(std::chrono::floor<std::chrono::days>(length).count(), "day");
}

}  // namespace

void Departures::keep_for(Lifetime lifetime) {
  const std::scoped_lock lock(mutex_);
  lifetime_ = lifetime;
}

Result<Departures::Round> Departures::look_on(int limit) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  const auto owners = ports_.owners.owners_after(looked_up_to_, 1);
  if (!owners) return owners.error();
  if (owners->empty()) {
    looked_up_to_ = {};
    return std::exchange(first_round_, false) ? Round::FirstDone : Round::Done;
  }
  const auto from = std::exchange(looked_up_to_, owners->front().account);
  const auto deleted = judge(owners->front(), now->wall, limit);
  if (!deleted) return deleted.error();
  if (*deleted >= limit) looked_up_to_ = from;  // there may be more of it
  return Round::GoesOn;
}

Result<Departures::Presence> Departures::look_for(const Account& account) {
  const auto found = ports_.directory.find(account.name);
  if (!found) return found.error();
  // A name that came back with another uid is another account (S37).
  return *found && (*found)->uid == account.uid ? Presence::There : Presence::Gone;
}

Departures::Lifetime Departures::lifetime() {
  const std::scoped_lock lock(mutex_);
  return lifetime_;
}

Result<int> Departures::judge(const Owner& owner, WallTime now, int limit) {
  if (is_record(owner.account)) return 0;  // was never an account: whoever made it removes it
  const auto presence = look_for(owner.account);
  if (!presence) return presence.error();
  std::optional<Absence> absence;
  if (*presence == Presence::Gone) {
    absence = Absence{goes_on(owner, now) ? owner.absence->first_seen : now, now};
  }
  const auto kept = lifetime();
  if (absence && kept && now - absence->first_seen > *kept && !first_round_) {
    return purge(owner.account, *absence, *kept, limit);
  }
  return note(owner, absence);
}

Result<int> Departures::note(const Owner& owner, const std::optional<Absence>& absence) {
  if (!absence && !owner.absence) return 0;
  const auto noted = ports_.owners.note_absence(owner.account, absence);
  if (!noted) return noted.error();
  if (!absence) {
    ports_.audit.problem(
        Severity::Notice,
        "accounts",
        text_of(owner.account) + " is there again; what it has enrolled counts again");
  } else if (absence->first_seen == absence->last_seen) {
    ports_.audit.problem(Severity::Notice,
                         "accounts",
                         text_of(owner.account) +
                             " is gone from the system; what it has enrolled counts for nobody");
  }
  return 0;
}

Result<int> Departures::purge(const Account& account,
                              const Absence& absence,
                              std::chrono::hours kept,
                              int limit) {
  AuditEvent event{};
  event.time = absence.last_seen;
  event.type = AuditEventType::AccountPurged;
  event.user = account.name;
  event.uid = account.uid;
  event.actor = "twinlockd";
  event.detail = "gone from the system for " + days_of(absence);
  auto deleted = ports_.owners.purge_owner(account, absence.last_seen - kept, limit, event);
  if (deleted && *deleted > 0) ports_.audit.written(event);
  return deleted;
}

}  // namespace twinlock
