// SPDX-License-Identifier: MIT
#include <map>

#include "daemon/domain/limits.h"
#include "tests/unit/user_api/user_api_world.h"

namespace twinlock::http {
namespace {

using ::testing::HasSubstr;

const Json kTotp{{"type", "totp"}, {"name", "App"}, {"totp_secret", "JBSWY3DPEHPK3PXP"}};
const Json kPhone{{"type", "phone"}, {"name", "Mobile"}, {"phone_number", "+15551234567"}};
const std::string kTickets = "/api/v2/guardian/enrollments/ticket";

class EnrollmentEndpointsTest : public UserApiTest {};

TEST_F(EnrollmentEndpointsTest, U14ListsWhatGuardianCounts) {
  EXPECT_EQ(get("/api/v2/users/alice/enrollments").body, Json::array());
  const auto totp = add("alice", kTotp);
  const auto phone = add("alice", kPhone);
  add("alice", {{"type", "email"}, {"email", "a@example.com"}});
  add("alice", {{"type", "passkey"}, {"key_id", "AA"}, {"public_key", "AA"}});
  add("alice", {{"type", "webauthn-roaming"}, {"key_id", "AB"}, {"public_key", "AA"}});
  add("alice", {{"type", "push"}});
  const auto listed = get("/api/v2/users/alice/enrollments");
  ASSERT_EQ(listed.status, 200);
  std::map<std::string, Json> by_kind;
  for (const auto& entry : listed.body) by_kind[entry["auth_method"].get<std::string>()] = entry;
  ASSERT_EQ(by_kind.size(), 4U) << "no address, passkey or recovery code";
  EXPECT_EQ(by_kind["authenticator"]["id"], "dev_" + totp) << "C26";
  EXPECT_EQ(by_kind["authenticator"]["status"], "confirmed");
  EXPECT_EQ(by_kind["authenticator"]["type"], "totp");
  EXPECT_EQ(by_kind["sms"]["id"], "dev_" + phone);
  EXPECT_EQ(by_kind["sms"]["phone_number"], "+15551234567");
  EXPECT_EQ(by_kind["guardian"]["status"], "pending");
  EXPECT_EQ(by_kind["webauthn-roaming"]["status"], "confirmed");
  EXPECT_EQ(get("/api/v2/users/nobody/enrollments").error_code(), "inexistent_user");
}

TEST_F(EnrollmentEndpointsTest, U15RemovesEverything) {
  add("alice", kTotp);
  EXPECT_EQ(remove("/api/v2/users/alice/authenticators").status, 204);
  EXPECT_EQ(get("/api/v2/users/alice/enrollments").body, Json::array());
  EXPECT_EQ(remove("/api/v2/users/nobody/authenticators").error_code(), "inexistent_user");
}

TEST_F(EnrollmentEndpointsTest, G46MakesATicket) {  // S75
  const auto made = post(kTickets, {{"user_id", "unix|alice"}});
  ASSERT_EQ(made.status, 200) << made.body;
  const auto id = made.body["ticket_id"].get<std::string>();
  EXPECT_EQ(id.size(), 43U) << "256 bits";
  EXPECT_EQ(made.body["ticket_url"], "https://id.example.com/u2/guardian/enroll?ticket=" + id);
  const auto stored = memory_.ticket(ticket_digest(id));
  ASSERT_TRUE(*stored);
  EXPECT_EQ((*stored)->owner.name, "alice");
  EXPECT_EQ((*stored)->owner.uid, 1000U);
  EXPECT_EQ((*stored)->issuer, "client c1, token 0badf00d");
  EXPECT_EQ((*stored)->expires - (*stored)->created, kTicketLifetime);
  EXPECT_FALSE((*stored)->allow_multiple);
  EXPECT_FALSE((*stored)->factor);
  const auto events = audited(AuditEventType::TicketMade);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_THAT(events[0].detail, ::testing::Not(HasSubstr(id))) << "S124";
}

TEST_F(EnrollmentEndpointsTest, G46TakesWhatClientsSend) {
  const auto made = post(kTickets,
                         {{"user_id", "alice"},
                          {"email", "jon@example.com"},
                          {"send_mail", false},
                          {"email_locale", "de-AT"},
                          {"factor", "phone"},
                          {"allow_multiple_enrollments", true}});
  ASSERT_EQ(made.status, 200) << made.body;
  const auto stored = memory_.ticket(ticket_digest(made.body["ticket_id"].get<std::string>()));
  EXPECT_EQ((*stored)->factor, Factor::Sms) << "though it is off";
  EXPECT_TRUE((*stored)->allow_multiple);
  EXPECT_EQ((*stored)->locale, "de-AT");
}

TEST_F(EnrollmentEndpointsTest, G46TicketsOfOneUserLiveSideBySide) {
  const auto one = post(kTickets, {{"user_id", "alice"}}).body["ticket_id"].get<std::string>();
  const auto two = post(kTickets, {{"user_id", "alice"}}).body["ticket_id"].get<std::string>();
  EXPECT_NE(one, two);
  EXPECT_TRUE(*memory_.ticket(ticket_digest(one)));
  add("alice", kTotp);
  EXPECT_FALSE(*memory_.ticket(ticket_digest(one))) << "S76";
  EXPECT_FALSE(*memory_.ticket(ticket_digest(two))) << "S76";
}

TEST_F(EnrollmentEndpointsTest, G46ChecksTheBodyThenTheFactorsThenTheUser) {
  ASSERT_TRUE(memory_.set_factor(Factor::Otp, false, {}));
  ASSERT_TRUE(memory_.set_factor(Factor::RecoveryCode, true, {}));
  EXPECT_EQ(post(kTickets, Json::object()).error_code(), "invalid_body");
  const auto no_factor = post(kTickets, {{"user_id", "nobody"}});
  EXPECT_EQ(no_factor.status, 400);
  EXPECT_EQ(no_factor.message(),
            "At least one MFA factor (SMS, OTP, or WebAuthn) must be enabled before creating "
            "enrollment tickets.");
  ASSERT_TRUE(memory_.set_factor(Factor::Email, true, {}));
  const auto nobody = post(kTickets, {{"user_id", "nobody"}});
  EXPECT_EQ(nobody.status, 404);
  EXPECT_EQ(nobody.message(), "User not found");
}

TEST_F(EnrollmentEndpointsTest, G46CantBeSentByMail) {
  for (const auto* name : {"send_mail", "send_email"}) {
    const auto refused = post(kTickets, {{"user_id", "alice"}, {name, true}});
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.error_code(), "invalid_body");
    EXPECT_THAT(refused.message(), HasSubstr("leave send_mail out and pass ticket_url on"));
  }
}

TEST_F(EnrollmentEndpointsTest, G46RefusesABodyOfAnotherForm) {
  for (const auto& body : {Json{{"user_id", 1}},
                           Json{{"user_id", "alice"}, {"factor", "fax"}},
                           Json{{"user_id", "alice"}, {"email", "x"}},
                           Json{{"user_id", "alice"}, {"allow_multiple_enrollments", "yes"}},
                           Json{{"user_id", "alice"}, {"shoe", 40}}}) {
    EXPECT_EQ(post(kTickets, body).error_code(), "invalid_body") << body;
  }
}

TEST_F(EnrollmentEndpointsTest, G46OfAPrivilegedAccountNeedsAScopeOfItsOwn) {  // S65
  act_with({"create:guardian_enrollment_tickets"});
  EXPECT_EQ(post(kTickets, {{"user_id", "alice"}}).status, 200);
  EXPECT_EQ(post(kTickets, {{"user_id", "root"}}).error_code(), "insufficient_scope");
}

TEST_F(EnrollmentEndpointsTest, G47ShowsAnEnrollment) {
  const auto id = add("alice", kPhone);
  for (const auto& form : {"dev_" + id, id, "sms%7Cdev_" + id}) {
    const auto shown = get("/api/v2/guardian/enrollments/" + form);
    ASSERT_EQ(shown.status, 200) << form;
    EXPECT_EQ(shown.body["id"], "dev_" + id);
    EXPECT_EQ(shown.body["status"], "confirmed");
    EXPECT_EQ(shown.body["name"], "Mobile");
    EXPECT_EQ(shown.body["identifier"], "sms|+15551234567");
    EXPECT_EQ(shown.body["phone_number"], "+15551234567");
    EXPECT_EQ(shown.body["enrolled_at"], "2026-01-01T00:00:00.000Z");
    EXPECT_FALSE(shown.body.contains("last_auth"));
  }
  presentation_.contacts = Contacts::Masked;
  EXPECT_EQ(get("/api/v2/guardian/enrollments/" + id).body["identifier"], "sms|XXXXXXXX4567");
}

TEST_F(EnrollmentEndpointsTest, G47AndG48OfNothingAre404) {
  for (const auto* id : {"dev_0000000000000001", "dev_01JQ3T5V9Z6E7R8Y2K4M1N0PAB"}) {
    const auto path = std::string("/api/v2/guardian/enrollments/") + id;
    for (const auto& missing : {get(path), remove(path)}) {
      EXPECT_EQ(missing.status, 404);
      EXPECT_EQ(missing.message(), "Enrollment not found");
      EXPECT_EQ(missing.error_code(), "enrollment_not_found");
    }
  }
}

TEST_F(EnrollmentEndpointsTest, G48RemovesTheMethodBehindIt) {
  const auto id = add("alice", kTotp);
  EXPECT_EQ(remove("/api/v2/guardian/enrollments/dev_" + id).status, 204);
  EXPECT_EQ(get("/api/v2/users/alice/authentication-methods").body, Json::array());
  EXPECT_EQ(remove("/api/v2/guardian/enrollments/dev_" + id).status, 404);
}

TEST_F(EnrollmentEndpointsTest, G47AndG48OfAPrivilegedAccountNeedAScopeOfTheirOwn) {  // S65
  const auto id = add("bob", kTotp);
  act_with({"read:guardian_enrollments", "delete:guardian_enrollments"});
  EXPECT_EQ(get("/api/v2/guardian/enrollments/" + id).error_code(), "insufficient_scope");
  EXPECT_EQ(remove("/api/v2/guardian/enrollments/" + id).error_code(), "insufficient_scope");
}

TEST_F(EnrollmentEndpointsTest, G49IsAnotherNameOfG46) {
  EXPECT_EQ(post("/api/v2/guardian/post-ticket", {{"user_id", "alice"}}).status, 200);
}

}  // namespace
}  // namespace twinlock::http
