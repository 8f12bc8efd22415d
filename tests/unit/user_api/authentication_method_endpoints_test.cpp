// SPDX-License-Identifier: MIT
#include <cctype>

#include "common/encoding.h"
#include "daemon/domain/limits.h"
#include "tests/unit/user_api/user_api_world.h"

namespace twinlock::http {
namespace {

using ::testing::HasSubstr;

const std::string kAlices = "/api/v2/users/unix%7Calice/authentication-methods";
const Json kTotp{{"type", "totp"}, {"name", "App"}, {"totp_secret", "JBSWY3DPEHPK3PXP"}};
const Json kPhone{{"type", "phone"}, {"name", "Mobile"}, {"phone_number", "+1 (555) 123-4567"}};
const Json kEmail{{"type", "email"}, {"email", "marianne@example.com"}};
const Json kKey{{"type", "webauthn-roaming"},
                {"key_id", "BuPuMaLZ"},
                {"public_key", "pQECAyYg"},
                {"sign_count", 3},
                {"transports", {"usb", "nfc"}},
                {"credential_device_type", "single_device"},
                {"credential_backed_up", false}};

class AuthenticationMethodEndpointsTest : public UserApiTest {
 protected:
  std::string add_to_alice(const Json& body) { return add("unix%7Calice", body); }
  Json with(Json body, const char* name, Json value) {
    body[name] = std::move(value);
    return body;
  }
  Json phone_numbered(int number) {
    return with(kPhone, "phone_number", "+1555000" + std::to_string(1000 + number));
  }
};

using Methods = AuthenticationMethodEndpointsTest;

TEST_F(Methods, U07ListsMethodsOldestFirst) {
  EXPECT_EQ(get(kAlices).body, Json::array());
  const auto totp = add_to_alice(kTotp);
  clock_.advance(std::chrono::seconds(1));
  const auto phone = add_to_alice(kPhone);
  const auto listed = get(kAlices);
  ASSERT_EQ(listed.status, 200);
  ASSERT_EQ(listed.body.size(), 2U);
  EXPECT_EQ(listed.body[0]["id"], totp);
  EXPECT_EQ(listed.body[1]["id"], phone);
  EXPECT_EQ(listed.body[0]["type"], "totp");
  EXPECT_EQ(listed.body[0]["confirmed"], true);
  EXPECT_EQ(listed.body[0]["name"], "App");
  EXPECT_EQ(listed.body[0]["friendly_name"], "App");
  EXPECT_EQ(listed.body[0]["created_at"], "2026-01-01T00:00:00.000Z");
  EXPECT_FALSE(listed.body[0].contains("totp_secret")) << "S66";
  EXPECT_FALSE(listed.body[0].contains("last_auth_at"));
}

TEST_F(Methods, U07ComesInPagesWithTotals) {
  for (int i = 0; i < 3; ++i) add_to_alice(phone_numbered(i));
  const auto page = get(kAlices + "?page=1&per_page=2&include_totals=true");
  EXPECT_EQ(page.body["start"], 2);
  EXPECT_EQ(page.body["limit"], 2);
  EXPECT_EQ(page.body["total"], 3);
  EXPECT_EQ(page.body["authenticators"].size(), 1U);
  EXPECT_EQ(get(kAlices + "?page=5&per_page=2").body, Json::array());
  EXPECT_EQ(get(kAlices + "?per_page=101").error_code(), "invalid_query_string");
  const auto none = get("/api/v2/users/bob/authentication-methods?include_totals=true");
  EXPECT_EQ(none.body["total"], 0);
  EXPECT_EQ(none.body["authenticators"], Json::array());
}

TEST_F(Methods, U07MasksWhereTheTenantSaysSo) {
  add_to_alice(kPhone);
  clock_.advance(std::chrono::seconds(1));
  add_to_alice(kEmail);
  EXPECT_EQ(get(kAlices).body[0]["phone_number"], "+15551234567");
  presentation_.contacts = Contacts::Masked;
  EXPECT_EQ(get(kAlices).body[0]["phone_number"], "XXXXXXXX4567");
  EXPECT_EQ(get(kAlices).body[1]["email"], "mari****@exam*******");
}

TEST_F(Methods, U07OfNobodyIs404) {
  for (const auto method : {Method::Get, Method::Delete}) {
    const auto missing = call(method, "/api/v2/users/nobody/authentication-methods");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.error_code(), "inexistent_user");
  }
}

TEST_F(Methods, U07LeavesOutWhatIsPendingForTooLong) {
  add_to_alice(with(kPhone, "confirmed", false));
  EXPECT_EQ(get(kAlices).body.size(), 1U);
  clock_.advance(kUnconfirmedLifetime);
  EXPECT_EQ(get(kAlices).body.size(), 0U);
}

TEST_F(Methods, U08MakesATotpMethodThatCounts) {
  const auto made = post(kAlices, kTotp);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["id"].get<std::string>().size(), 26U) << "C25";
  EXPECT_EQ(made.body["confirmed"], true);
  EXPECT_EQ(made.body["enrolled_at"], "2026-01-01T00:00:00.000Z");
  const auto id = parse_ulid(made.body["id"].get<std::string>());
  const auto stored = memory_.otp_method(*id);
  ASSERT_TRUE(*stored);
  EXPECT_EQ(base32_encode((*stored)->credential.seed.bytes()), "JBSWY3DPEHPK3PXP");
  EXPECT_TRUE((*stored)->method.weak) << "S92: 80 bits are accepted and flagged";
  EXPECT_EQ((*stored)->method.owner.uid, 1000U);
}

TEST_F(Methods, U08ByAnAdministratorIsAnAlert) {  // S67, S129
  add_to_alice(kTotp);
  const auto events = audited(AuditEventType::MethodEnrolled);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].actor, "client c1, token 0badf00d");
  EXPECT_EQ(events[0].user, "alice");
  EXPECT_EQ(severity_of(events[0]), Severity::Alert);
  add(make_person(), kTotp);
  EXPECT_EQ(severity_of(audited(AuditEventType::MethodEnrolled).at(1)), Severity::Alert);
}

TEST_F(Methods, U08TakesSeedsAsPeopleHaveThem) {
  for (const auto* seed : {"jbsw y3dp ehpk 3pxp",
                           "JBSW-Y3DP-EHPK-3PXP",
                           "JBSWY3DPEHPK3PXP====",
                           "5HCWXIP2MJNSUBGYVUZFLRB2HWIGXR4SYJQXNBQ"}) {
    EXPECT_EQ(post(kAlices, with(kTotp, "totp_secret", seed)).status, 201) << seed;
  }
}

TEST_F(Methods, U08MakesAPhone) {
  const auto made = post(kAlices, kPhone);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["phone_number"], "+15551234567");
  EXPECT_EQ(made.body["preferred_authentication_method"], "sms");
  const auto id = made.body["id"].get<std::string>();
  EXPECT_EQ(made.body["authentication_methods"],
            Json::array({{{"type", "sms"}, {"id", "sms|dev_" + id}}}));
  presentation_.channels = {PhoneChannel::Sms, PhoneChannel::Voice};
  EXPECT_EQ(get(kAlices).body[0]["authentication_methods"][1]["id"], "voice|dev_" + id);
  EXPECT_EQ(post(kAlices, with(kPhone, "phone_number", "+44207183875044")).status, 201);
}

TEST_F(Methods, U08MakesAnAddress) {
  const auto made = post(kAlices, kEmail);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["email"], "marianne@example.com");
  EXPECT_FALSE(made.body.contains("name"));
}

TEST_F(Methods, U08MakesKeysUnderBothNamesOfTheirFields) {
  const auto made = post(kAlices, kKey);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["type"], "webauthn-roaming");
  EXPECT_EQ(made.body["key_id"], "BuPuMaLZ");
  EXPECT_EQ(made.body["credential_id"], "BuPuMaLZ");
  EXPECT_EQ(made.body["public_key"], "pQECAyYg");
  EXPECT_EQ(made.body["sign_count"], 3);
  EXPECT_EQ(made.body["transports"], Json::array({"usb", "nfc"}));
  EXPECT_EQ(made.body["credential_device_type"], "single_device");
  EXPECT_EQ(made.body["credential_backed_up"], false);
  EXPECT_EQ(made.body["relying_party_identifier"], "id.example.com") << "ours by default";
  auto passkey = kKey;
  passkey.erase("key_id");
  passkey["credential_id"] = "Zm9v";
  passkey["type"] = "passkey";
  passkey["relying_party_identifier"] = "example.org";
  passkey["friendly_name"] = "Yubi";
  const auto other = post(kAlices, passkey);
  EXPECT_EQ(other.body["key_id"], "Zm9v");
  EXPECT_EQ(other.body["relying_party_identifier"], "example.org");
  EXPECT_EQ(other.body["name"], "Yubi");
  auto underscored = with(kKey, "type", "webauthn_platform");
  underscored["key_id"] = "YmFy";
  EXPECT_EQ(post(kAlices, underscored).body["type"], "webauthn-platform");
}

TEST_F(Methods, U08MakesPushUnconfirmed) {
  const auto made = post(kAlices, {{"type", "push"}, {"confirmed", true}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["confirmed"], false);
}

TEST_F(Methods, U08MakesAPendingMethodWhereAsked) {
  const auto made = post(kAlices, with(kTotp, "confirmed", false));
  EXPECT_EQ(made.body["confirmed"], false);
  EXPECT_FALSE(made.body.contains("enrolled_at"));
  EXPECT_EQ(audited(AuditEventType::EnrollmentStarted).size(), 1U);
  EXPECT_FALSE(get("/api/v2/users/alice").body.contains("multifactor"));
}

TEST_F(Methods, U08RefusesABodyOfAnotherForm) {
  struct Case {
    Json body;
    const char* says;
  };
  for (const auto& [body, says] :
       {Case{Json::object(), "Missing required property: type"},
        Case{{{"type", "fax"}}, "No enum match for: fax"},
        Case{{{"type", "recovery-code"}}, "No enum match for: recovery-code"},
        Case{{{"type", "totp"}}, "Missing required property: totp_secret"},
        Case{{{"type", "phone"}}, "Missing required property: phone_number"},
        Case{{{"type", "email"}}, "Missing required property: email"},
        Case{{{"type", "passkey"}, {"public_key", "AA"}}, "Missing required property: key_id"},
        Case{{{"type", "passkey"}, {"key_id", "AA"}}, "Missing required property: public_key"},
        Case{with(kTotp, "totp_secret", "JBSWY3DP"), "base32"},
        Case{with(kTotp, "totp_secret", "JBSWY3DPEHPK3PX1"), "base32"},
        Case{with(kPhone, "phone_number", "5551234567"), "phone-number"},
        Case{with(kEmail, "email", "marianne"), "email"},
        Case{with(kKey, "key_id", "a+b"), "base64url"},
        Case{with(kKey, "sign_count", -1), "less than minimum"},
        Case{with(kKey, "transports", {"telepathy"}), "No enum match for: telepathy"},
        Case{with(kTotp, "confirmed", "true"), "Expected type boolean"},
        Case{with(kTotp, "name", ""), "name"},
        Case{with(kTotp, "name", std::string(65, 'x')), "too long (65 chars), maximum 64"},
        Case{with(kTotp, "friendly_name", "Other"), "have to be equal"},
        Case{with(kTotp, "phone_number", "+15551234567"), "Additional properties not allowed"},
        Case{with(kTotp, "shoe", 40), "Additional properties not allowed: shoe"}}) {
    const auto refused = post(kAlices, body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(refused.error_code(), "invalid_body") << body;
    EXPECT_THAT(refused.message(), HasSubstr(says)) << body;
  }
  EXPECT_EQ(call(Method::Post, kAlices).status, 400) << "no body";
  EXPECT_EQ(get(kAlices).body, Json::array());
}

TEST_F(Methods, U08OfNobodyIs404) {
  const auto refused = post("/api/v2/users/nobody/authentication-methods", kTotp);
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.error_code(), "inexistent_user");
}

TEST_F(Methods, U08OfTheSameNumberAddressOrCredentialIs409) {
  for (const auto& body : {kPhone, kEmail, kKey}) {
    EXPECT_EQ(post(kAlices, body).status, 201);
    const auto again = post(kAlices, body);
    EXPECT_EQ(again.status, 409) << body;
    EXPECT_EQ(again.message(), "Authentication method already exists.");
    EXPECT_EQ(again.body["error"], "Conflict");
  }
  EXPECT_EQ(post(kAlices, kTotp).status, 201);
  EXPECT_EQ(post(kAlices, kTotp).status, 201) << "seeds are not compared";
}

TEST_F(Methods, U08BeyondTheLimitIs403) {
  for (int i = 0; i < 5; ++i) {
    add_to_alice(kTotp);
    add_to_alice(phone_numbered(i));
    add_to_alice({{"type", "email"}, {"email", "a" + std::to_string(i) + "@example.com"}});
  }
  for (const auto& body : {kTotp, kPhone, kEmail}) {
    const auto refused = post(kAlices, body);
    EXPECT_EQ(refused.status, 403) << body;
    EXPECT_EQ(refused.message(), "You reached the limit of entities of this type for this user.");
  }
  for (int i = 0; i < 20; ++i) {
    auto key = with(kKey, "key_id", "id" + std::to_string(i));
    if (i % 2 == 0) key["type"] = "passkey";
    add_to_alice(key);
  }
  EXPECT_EQ(post(kAlices, kKey).status, 403) << "keys and passkeys together";
}

TEST_F(Methods, U08OfAPrivilegedAccountNeedsAScopeOfItsOwn) {  // S65
  act_with({"create:authentication_methods"});
  EXPECT_EQ(post(kAlices, kTotp).status, 201);
  const auto refused = post("/api/v2/users/root/authentication-methods", kTotp);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(),
            "Insufficient scope, expected any of: create:authentication_methods:privileged");
  EXPECT_TRUE(memory_.methods_of("root")->empty());
}

TEST_F(Methods, U09ReplacesEverything) {
  add_to_alice(kKey);
  ASSERT_EQ(post("/api/v2/users/alice/recovery-code-regeneration", Json::object()).status, 200);
  presentation_.contacts = Contacts::Masked;
  const auto replaced =
      put(kAlices,
          Json::array({{{"type", "email"}, {"name", "MyEmail"}, {"email", "foo@example.com"}},
                       {{"type", "phone"},
                        {"name", "MyPhone"},
                        {"phone_number", "+44207183875044"},
                        {"preferred_authentication_method", "voice"}},
                       {{"type", "totp"},
                        {"name", "MyTotp"},
                        {"totp_secret", "5HCWXIP2MJNSUBGYVUZFLRB2HWIGXR4SYJQXNBQ"}}}));
  ASSERT_EQ(replaced.status, 200) << replaced.body;
  ASSERT_EQ(replaced.body.size(), 3U);
  EXPECT_EQ(replaced.body[0]["email"], "foo@example.com") << "as sent, in clear";
  EXPECT_EQ(replaced.body[1]["phone_number"], "+44207183875044");
  EXPECT_EQ(replaced.body[1]["preferred_authentication_method"], "voice");
  EXPECT_EQ(replaced.body[2]["type"], "totp");
  const auto listed = get(kAlices);
  ASSERT_EQ(listed.body.size(), 3U) << "the key and the recovery code are gone";
  EXPECT_FALSE(*memory_.recovery_set({"alice", 1000}));
}

TEST_F(Methods, U09WithOneBadEntryChangesNothing) {
  add_to_alice(kTotp);
  const Json good{{"type", "email"}, {"email", "foo@example.com"}};
  for (const auto& bad :
       {Json{{"type", "passkey"}, {"key_id", "AA"}, {"public_key", "AA"}},
        Json{{"type", "phone"}},
        Json{{"type", "totp"}, {"totp_secret", "short"}},
        Json{{"type", "email"}, {"email", "x@y.z"}, {"name", std::string(21, 'x')}},
        Json("text")}) {
    const auto refused = put(kAlices, Json::array({good, bad}));
    EXPECT_EQ(refused.status, 400) << bad;
    EXPECT_EQ(refused.error_code(), "invalid_body") << bad;
  }
  EXPECT_EQ(put(kAlices, good).status, 400) << "not an array";
  EXPECT_EQ(put(kAlices, Json::array({good, good})).status, 409);
  EXPECT_EQ(get(kAlices).body.size(), 1U);
  EXPECT_EQ(get(kAlices).body[0]["type"], "totp");
}

TEST_F(Methods, U09WithNothingRemovesEverything) {
  add_to_alice(kTotp);
  EXPECT_EQ(put(kAlices, Json::array()).body, Json::array());
  EXPECT_EQ(get(kAlices).body, Json::array());
}

TEST_F(Methods, U09TakesTheScopesOfWhatItDoes) {  // S65, S67
  add_to_alice(kTotp);
  const auto seeded =
      Json::array({{{"type", "totp"}, {"totp_secret", "5HCWXIP2MJNSUBGYVUZFLRB2HWIGXR4SYJQXNBQ"}}});
  act_with({"update:authentication_methods", "create:authentication_methods"});
  EXPECT_EQ(put(kAlices, seeded).message(),
            "Insufficient scope, expected any of: delete:authentication_methods");
  EXPECT_EQ(put(kAlices, Json::array()).status, 403);
  act_with({"update:authentication_methods", "delete:authentication_methods"});
  EXPECT_EQ(put(kAlices, seeded).message(),
            "Insufficient scope, expected any of: create:authentication_methods");
  EXPECT_EQ(memory_.methods_of("alice")->size(), 1U);
  EXPECT_EQ(put(kAlices, Json::array()).status, 200);
  act_with({"update:authentication_methods",
            "update:authentication_methods:privileged",
            "create:authentication_methods",
            "delete:authentication_methods"});
  EXPECT_EQ(put("/api/v2/users/root/authentication-methods", seeded).message(),
            "Insufficient scope, expected any of: delete:authentication_methods:privileged");
}

TEST_F(Methods, U09OfNobodyIs404) {
  EXPECT_EQ(put("/api/v2/users/nobody/authentication-methods", Json::array()).error_code(),
            "inexistent_user");
}

TEST_F(Methods, U10RemovesEveryMethodAndWhatBelongsToIt) {
  add_to_alice(kTotp);
  add_to_alice(with(kPhone, "confirmed", false));
  ASSERT_EQ(post("/api/v2/users/alice/recovery-code-regeneration", Json::object()).status, 200);
  EXPECT_EQ(remove(kAlices).status, 204);
  EXPECT_EQ(get(kAlices).body, Json::array());
  EXPECT_FALSE(*memory_.recovery_set({"alice", 1000}));
  EXPECT_EQ(remove(kAlices).status, 204) << "nothing to remove is fine";
}

TEST_F(Methods, U11TakesEveryFormOfAnId) {  // C27
  const auto id = add_to_alice(kPhone);
  std::string lower = id;
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  for (const auto& form : {id, lower, "dev_" + id, "phone%7Cdev_" + id, "sms|dev_" + id}) {
    const auto shown = get(kAlices + "/" + form);
    EXPECT_EQ(shown.status, 200) << form;
    EXPECT_EQ(shown.body.value("id", ""), id) << form;
  }
}

TEST_F(Methods, U11ThroughU13OfNoSuchMethodAre404) {
  const auto bobs = add("bob", kPhone);
  for (const auto& id : {std::string("01JQ3T5V9Z6E7R8Y2K4M1N0PAB"),
                         std::string("dev_0000000000000001"),
                         std::string("x"),
                         bobs}) {  // C28
    const auto path = kAlices + "/" + id;
    for (const auto& missing : {get(path), patch(path, {{"name", "x"}}), remove(path)}) {
      EXPECT_EQ(missing.status, 404) << id;
      EXPECT_EQ(missing.message(), "Authentication method not found") << id;
      EXPECT_EQ(missing.error_code(), "authentication_method_not_found") << id;
    }
  }
  const auto nobodys = "/api/v2/users/nobody/authentication-methods/" + bobs;
  EXPECT_EQ(get(nobodys).error_code(), "inexistent_user");
}

TEST_F(Methods, U12RenamesAndPrefers) {
  const auto id = add_to_alice(kPhone);
  const auto renamed = patch(kAlices + "/" + id, {{"friendly_name", "Work"}});
  ASSERT_EQ(renamed.status, 200) << renamed.body;
  EXPECT_EQ(renamed.body["name"], "Work");
  const auto voiced =
      patch(kAlices + "/" + id, {{"preferred_authentication_method", "voice"}, {"name", "Home"}});
  EXPECT_EQ(voiced.body["preferred_authentication_method"], "voice");
  EXPECT_EQ(voiced.body["name"], "Home");
}

TEST_F(Methods, U12RefusesEverythingElse) {
  const auto id = add_to_alice(kTotp);
  for (const auto& body : {Json::object(),
                           Json{{"name", ""}},
                           Json{{"name", std::string(65, 'x')}},
                           Json{{"name", "a"}, {"friendly_name", "b"}},
                           Json{{"preferred_authentication_method", "sms"}},
                           Json{{"confirmed", true}},
                           Json{{"totp_secret", "JBSWY3DPEHPK3PXP"}}}) {
    const auto refused = patch(kAlices + "/" + id, body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(refused.error_code(), "invalid_body") << body;
  }
}

TEST_F(Methods, U13RemovesOne) {
  const auto totp = add_to_alice(kTotp);
  add_to_alice(kPhone);
  EXPECT_EQ(remove(kAlices + "/" + totp).status, 204);
  EXPECT_EQ(remove(kAlices + "/" + totp).status, 404);
  EXPECT_EQ(get(kAlices).body.size(), 1U);
  EXPECT_EQ(severity_of(audited(AuditEventType::MethodRemoved).at(0)), Severity::Alert);
}

TEST_F(Methods, U16MakesOneCodeInPlaceOfAll) {
  const std::string path = "/api/v2/users/alice/recovery-code-regeneration";
  const auto made = call(Method::Post, path);
  ASSERT_EQ(made.status, 200) << made.body;
  const auto code = made.body["recovery_code"].get<std::string>();
  EXPECT_THAT(code, ::testing::MatchesRegex("[A-Z0-9]{24}"));
  EXPECT_EQ((**memory_.recovery_set({"alice", 1000})).left, 1);
  EXPECT_NE(call(Method::Post, path, "{}").body["recovery_code"], code);
  EXPECT_EQ((**memory_.recovery_set({"alice", 1000})).left, 1);
  EXPECT_EQ(get(kAlices).body.size(), 1U);
  EXPECT_EQ(get(kAlices).body[0]["type"], "recovery-code");
  EXPECT_EQ(call(Method::Post, "/api/v2/users/nobody/recovery-code-regeneration").error_code(),
            "inexistent_user");
}

TEST_F(Methods, U17RemovesOneTimeCodes) {
  add_to_alice(kTotp);
  add_to_alice(kTotp);
  add_to_alice(kPhone);
  const std::string path = "/api/v2/users/alice/multifactor/";
  EXPECT_EQ(remove(path + "duo").status, 204);
  EXPECT_EQ(get(kAlices).body.size(), 3U);
  EXPECT_EQ(remove(path + "google-authenticator").status, 204);
  ASSERT_EQ(get(kAlices).body.size(), 1U);
  EXPECT_EQ(get(kAlices).body[0]["type"], "phone");
  EXPECT_EQ(remove(path + "google-authenticator").status, 204);
  const auto refused = remove(path + "authy");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.error_code(), "invalid_uri");
  EXPECT_EQ(remove("/api/v2/users/nobody/multifactor/duo").error_code(), "inexistent_user");
}

TEST_F(Methods, U18ForgetsPlaces) {
  const std::string path = "/multifactor/actions/invalidate-remember-browser";
  EXPECT_EQ(call(Method::Post, "/api/v2/users/alice" + path).status, 204);
  EXPECT_EQ(call(Method::Post, "/api/v2/users/alice" + path, "{\"ignored\":1}").status, 204);
  EXPECT_EQ(call(Method::Post, "/api/v2/users/nobody" + path).error_code(), "inexistent_user");
}

TEST_F(Methods, MethodsOfPeopleWithoutAnAccountAreKept) {  // C24
  const auto id = make_person();
  add(id, kEmail);
  const auto path = "/api/v2/users/" + id + "/authentication-methods";
  EXPECT_EQ(get(path).body.size(), 1U);
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(get(path).body.size(), 0U);
}

TEST_F(Methods, HotpMethodsShowAsTotp) {
  auto hotp = OtpMethod{{.id = {},
                         .owner = {"alice", 1000},
                         .type = MethodType::Hotp,
                         .name = "Token",
                         .created = clock_.wall(),
                         .confirmed = clock_.wall(),
                         .last_used = {}},
                        {.id = {}, .type = MethodType::Hotp, .parameters = {}, .seed = Secret(20)}};
  ASSERT_TRUE(memory_.add_otp_method(hotp, {5, 5}, {}));
  EXPECT_EQ(get(kAlices).body[0]["type"], "totp");
}

TEST_F(Methods, AStoreThatIsAwayIs503AndChangesNothing) {
  ports_.plan.fail_next("add_method", Fault::Error);
  const auto failed = post(kAlices, kTotp);
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(failed.error_code(), "service_unavailable");
  EXPECT_EQ(get(kAlices).body, Json::array());
}

}  // namespace
}  // namespace twinlock::http
