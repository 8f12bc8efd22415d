// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_HTTP_API_WORLD_H
#define TWINLOCK_TESTS_UNIT_HTTP_API_WORLD_H

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/administration.h"
#include "daemon/domain/api_access.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/method_administration.h"
#include "daemon/domain/setting_groups.h"
#include "daemon/domain/signing_keys.h"
#include "daemon/domain/tickets.h"
#include "daemon/domain/users.h"
#include "daemon/http/health_endpoints.h"
#include "daemon/http/json.h"
#include "daemon/http/management_api.h"
#include "daemon/http/options.h"
#include "daemon/http/router.h"
#include "tests/fakes/failing_ports.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/recording_log.h"
#include "tests/fakes/seeded_random.h"

namespace twinlock::http {

// An answer, with its body read.
struct Answer {
  int status = 0;
  Json body;
  std::string text;
  std::string content_type;
  std::vector<Field> headers;
  Mark mark = Mark::None;

  [[nodiscard]] std::string error_code() const { return body.value("errorCode", ""); }
  [[nodiscard]] std::string message() const { return body.value("message", ""); }
  [[nodiscard]] std::string header(std::string_view name) const;
};

// The endpoints over fakes, behind the real router and the real check of tokens; no network.
class ApiWorld {
 public:
  explicit ApiWorld(ProviderSecrets secrets = ProviderSecrets::Masked);

  // As a "full" client does. `path` may have a query; a body that isn't text is sent as JSON.
  Answer get(std::string_view path) { return call(Method::Get, path, "", {}); }
  Answer put(std::string_view path, const Json& body) { return send(Method::Put, path, body); }
  Answer patch(std::string_view path, const Json& body) { return send(Method::Patch, path, body); }
  Answer post(std::string_view path, const Json& body) { return send(Method::Post, path, body); }
  Answer remove(std::string_view path) { return call(Method::Delete, path, "", {}); }
  Answer send(Method method, std::string_view path, const Json& body) {
    return call(method, path, json_text(body), {{"Content-Type", "application/json"}});
  }
  // With the token of token() unless `headers` have an Authorization, which may be empty for none.
  Answer call(Method method,
              std::string_view path,
              const std::string& body,
              std::vector<Field> headers);

  // From now on, calls are those of a client with these scopes; none: a full one.
  void act_with(const std::vector<std::string>& scopes);
  [[nodiscard]] const std::string& token() const { return token_; }

  // Every record of a type.
  [[nodiscard]] std::vector<AuditEvent> audited(AuditEventType type);

  MemoryStore memory;
  FakeDirectory directory;
  FakeKeyRing ring;
  FakeClock clock;
  SeededRandom random;
  RecordingLog log;
  FailingPorts ports{memory, directory, ring, clock};
  FaultPlan& faults = ports.plan;
  AuditTrail audit{ports.store, ports.keys, log};
  Administration administration;
  Users users;
  MethodAdministration methods;
  Tickets tickets;
  SettingGroups groups;
  ApiAccess access;
  SigningKeys signing_keys;
  std::string source = "192.0.2.7";

 private:
  std::unique_ptr<ManagementApi> api_;
  HealthEndpoints health_;
  std::unique_ptr<Router> router_;
  std::string token_;
  int made_ = 0;
};

}  // namespace twinlock::http

#endif
