// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_USER_API_USER_API_WORLD_H
#define TWINLOCK_TESTS_UNIT_USER_API_USER_API_WORLD_H

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/authentication_method_endpoints.h"
#include "daemon/http/enrollment_endpoints.h"
#include "daemon/http/user_endpoints.h"
#include "tests/fakes/failing_ports.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/recording_log.h"
#include "tests/fakes/seeded_random.h"

namespace twinlock::http {

struct Answer {
  int status = 0;
  Json body;

  [[nodiscard]] std::string message() const { return body.value("message", ""); }
  [[nodiscard]] std::string error_code() const { return body.value("errorCode", ""); }
};

// The endpoints over fakes, behind the real router. alice (1000), bob (1001, in sudo) and root have
// accounts; the factor otp is on. Calls have every privileged scope until act_with().
class UserApiTest : public testing::Test {
 protected:
  UserApiTest();

  Answer call(Method method, std::string_view target, const std::string& body = {});
  Answer get(std::string_view target) { return call(Method::Get, target); }
  Answer post(std::string_view target, const Json& body) {
    return call(Method::Post, target, json_text(body));
  }
  Answer put(std::string_view target, const Json& body) {
    return call(Method::Put, target, json_text(body));
  }
  Answer patch(std::string_view target, const Json& body) {
    return call(Method::Patch, target, json_text(body));
  }
  Answer remove(std::string_view target) { return call(Method::Delete, target); }
  void act_with(std::vector<std::string> scopes) { scopes_ = std::move(scopes); }

  // A person without an account, through U02; the id, percent-encoded.
  std::string make_person(const std::string& email = "chuck@example.com");
  // A method of `user` through U08; its id.
  std::string add(const std::string& user, const Json& body);
  [[nodiscard]] std::vector<AuditEvent> audited(AuditEventType type);

  MemoryStore memory_;
  FakeDirectory directory_;
  FakeKeyRing ring_;
  FakeClock clock_;
  SeededRandom random_;
  RecordingLog log_;
  FailingPorts ports_{memory_, directory_, ring_, clock_};
  AuditTrail audit_{ports_.store, ports_.keys, log_};
  Users users_{{ports_.store, ports_.store, ports_.directory, random_, ports_.clock, audit_, {}}};
  MethodAdministration methods_{
      {ports_.store, ports_.store, ports_.keys, random_, ports_.clock, audit_}};
  Tickets tickets_{{ports_.store, ports_.store, random_, ports_.clock, audit_}};
  MethodPresentation presentation_;

 private:
  [[nodiscard]] std::vector<Route> routes();

  UserEndpoints user_endpoints_{users_, "https://id.example.com/static/avatar.svg"};
  AuthenticationMethodEndpoints method_endpoints_;
  EnrollmentEndpoints enrollment_endpoints_;
  Router router_;
  std::vector<std::string> scopes_;
};

}  // namespace twinlock::http

#endif
