// SPDX-License-Identifier: MIT
#include <utility>

#include "daemon/store/audit_chain.h"
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;

Result<Standing> read_standing(Database& database,
                               KeyRing& keys,
                               const Account& account,
                               Budget budget) {
  auto found = sqlite::read_settings_for(database, account);
  if (!found) return found.error();
  auto settings = *std::move(found);
  auto attempts = sqlite::read_attempts(database, account, budget, {});
  if (!attempts) return attempts.error();
  Standing standing{.settings = std::move(settings.settings),
                    .blocked = settings.blocked,
                    .attempts = *std::move(attempts),
                    .otp = {},
                    .latest_time = std::nullopt,
                    .recovery = std::nullopt};
  if (budget == Budget::RecoveryCode) {
    const auto set = sqlite::read_recovery_set(database, account);
    if (!set) return set.error();
    standing.recovery = *set;
    return standing;
  }
  auto otp = sqlite::read_otp_credentials(database, keys, account);
  if (!otp) return otp.error();
  standing.otp = *std::move(otp);
  const auto head = read_audit_head(database);
  if (!head) return head.error();
  standing.latest_time = head->latest_time;
  return standing;
}

}  // namespace

Result<std::optional<Docket>> SqliteStore::docket(const ConversationId& id,
                                                  const Nonce& expected,
                                                  Budget budget) {
  const auto look = [&](Database& database) -> Result<std::optional<Docket>> {
    auto found = sqlite::find_conversation(database, id);
    if (!found) return found.error();
    if (!*found) return std::optional<Docket>();
    Docket docket{.conversation = **std::move(found), .standing = std::nullopt};
    const Conversation& conversation = docket.conversation;
    const bool open = conversation.phase == Phase::Asking && conversation.nonce == expected;
    if (open) {
      // Whoever doesn't exist takes as long as whoever has no authenticator (S25).
      const auto account = conversation.account.value_or(Account{"", 0});
      auto standing = read_standing(database, keys_, account, budget);
      if (!standing) return standing.error();
      if (conversation.account) docket.standing = *std::move(standing);
    }
    return std::optional(std::move(docket));
  };
  return reading([&look](Database& database) {
    return sqlite::in_one_snapshot(database, [&] { return look(database); });
  });
}

}  // namespace twinlock
