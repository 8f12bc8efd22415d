// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/conformance/store_under_test.h"

// The right to enroll, once (S75, S76).
namespace twinlock {
namespace {

const AuditEvent kMade = event(AuditEventType::TicketMade);
const AuditEvent kRedeemed = event(AuditEventType::TicketRedeemed);

Ticket ticket_of(const std::string& text, const Account& owner = alice()) {
  Ticket ticket;
  ticket.digest = ticket_digest(text);
  ticket.owner = owner;
  ticket.factor = Factor::Otp;
  ticket.issuer = "client c1";
  ticket.created = kNow;
  ticket.expires = kNow + 5 * 24h;
  ticket.allow_multiple = true;
  ticket.locale = "de";
  return ticket;
}

class TicketPromises : public StoreConformance {
 protected:
  void make(const std::string& text, const Account& owner = alice()) {
    ASSERT_TRUE(store().add_ticket(ticket_of(text, owner), kMade));
  }
  bool is_there(const std::string& text) {
    const auto found = store().ticket(ticket_digest(text));
    EXPECT_TRUE(found);
    return found && *found;
  }
};

TEST_P(TicketPromises, ATicketComesBackAsItWasMade) {
  make("one");
  const auto found = store().ticket(ticket_digest("one"));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->owner.name, "alice");
  EXPECT_EQ((*found)->owner.uid, 1000U);
  EXPECT_EQ((*found)->factor, Factor::Otp);
  EXPECT_EQ((*found)->issuer, "client c1");
  EXPECT_EQ((*found)->created, kNow);
  EXPECT_EQ((*found)->expires, kNow + 5 * 24h);
  EXPECT_TRUE((*found)->allow_multiple);
  EXPECT_EQ((*found)->locale, "de");
  EXPECT_FALSE((*found)->redeemed);
  EXPECT_FALSE(is_there("two"));
}

TEST_P(TicketPromises, OfManyWhoRedeemATicketOneWins) {  // S75
  make("one");
  std::atomic<int> winners{0};
  race(50, [&](int) {
    const auto claim = store().redeem_ticket(ticket_digest("one"), kNow, kRedeemed);
    if (claim && *claim == Claim::Won) ++winners;
  });
  EXPECT_EQ(winners, 1);
  EXPECT_EQ((*store().ticket(ticket_digest("one")))->redeemed, kNow);
  EXPECT_EQ(records(), 2U);
}

TEST_P(TicketPromises, ATicketIsRedeemedBeforeItExpires) {  // S75
  make("one");
  EXPECT_EQ(*store().redeem_ticket(ticket_digest("one"), kNow + 5 * 24h, kRedeemed), Claim::Lost);
  EXPECT_EQ(*store().redeem_ticket(ticket_digest("two"), kNow, kRedeemed), Claim::Lost);
  EXPECT_EQ(*store().redeem_ticket(ticket_digest("one"), kNow + 5 * 24h - 1ms, kRedeemed),
            Claim::Won);
}

TEST_P(TicketPromises, TicketsEndWithAnyChangeOfTheUser) {  // S76
  const auto ends = [this](auto change) {
    make("one");
    make("two");
    make("bobs", {"bob", 1001});
    change();
    EXPECT_FALSE(is_there("one"));
    EXPECT_FALSE(is_there("two"));
    EXPECT_TRUE(is_there("bobs"));
    ASSERT_TRUE(store().purge(kNow + 24h * 6, 100));
  };
  add(unconfirmed(totp_method(1)));
  make("zero");
  EXPECT_TRUE(is_there("zero")) << "what is pending changes nothing yet";
  ends([this] { EXPECT_TRUE(store().remove_method(method_id(1), kMade)); });
  ends([this] {
    add(unconfirmed(totp_method(2)));
    EXPECT_EQ(*store().confirm_otp_method(method_id(2), 1, kNow, kMade), Claim::Won);
  });
  ends([this] {
    auto otp = totp_method(3);
    const NewMethod method{std::move(otp.method), std::move(otp.credential), {}};
    EXPECT_TRUE(store().add_method(method, {{}, 1, 1}, kMade));
  });
  ends([this] { EXPECT_TRUE(store().replace_methods("alice", {}, {kMade})); });
  ends([this] { EXPECT_TRUE(store().remove_methods_of("alice", kMade)); });
  ends([this] {
    auto record = **store().user_record(alice());
    EXPECT_EQ(*store().write_user_record(record, kMade), RecordWrite::Written);
  });
  ends([this] { EXPECT_EQ(*store().remove_user("alice", kMade), Claim::Won); });
}

TEST_P(TicketPromises, HousekeepingForgetsWhatHasExpired) {
  make("one");
  EXPECT_EQ(*store().purge(kNow + 5 * 24h - 1ms, 100), 0);
  EXPECT_EQ(*store().purge(kNow + 5 * 24h, 100), 1);
  EXPECT_FALSE(is_there("one"));
}

INSTANTIATE_TEST_SUITE_P(Every,
                         TicketPromises,
                         testing::ValuesIn(implementations()),
                         [](const auto& implementation) { return implementation.param.name; });

}  // namespace
}  // namespace twinlock
