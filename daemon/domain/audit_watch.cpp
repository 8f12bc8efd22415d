// SPDX-License-Identifier: MIT
#include "daemon/domain/audit_watch.h"

#include <utility>

#include "common/encoding.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;

constexpr auto kAgainAfter = 24h;
constexpr std::size_t kMaxDetail = 200;

}  // namespace

AuditWatch::Round AuditWatch::look_on(const Instant& now) {
  if (rests_until_ && now.since_boot < *rests_until_) return Round::Done;
  rests_until_.reset();
  auto gone_on = audit_.review_on(review_);
  if (!gone_on) {
    log_.problem(Severity::Warning, "audit", gone_on.error().detail);
    return Round::Done;  // goes on from there with the next look
  }
  review_ = *std::move(gone_on);
  if (review_.state != AuditReview::State::Ended) return Round::Going;
  tell(std::exchange(review_, {}).result.finding, now.wall);
  rests_until_ = now.since_boot + kAgainAfter;
  return Round::Done;
}

void AuditWatch::tell(const std::string& finding, WallTime now) {
  if (finding == told_) return;
  told_ = finding;
  if (finding.empty()) return;
  log_.problem(Severity::Alert,
               "audit",
               "the audit log is broken: " + finding +
                   ". Unless a master key is missing, whoever can write the store's file has "
                   "changed it; compare it with the \"audit-head\" lines of the journal");
  alerts_.add(AuditEventType::AuditGap, Reason::None, now, printable(finding, kMaxDetail));
}

}  // namespace twinlock
