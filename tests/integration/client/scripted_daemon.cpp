// SPDX-License-Identifier: MIT
#include "tests/integration/client/scripted_daemon.h"

#include <sdbus-c++/sdbus-c++.h>
#include <stubs/org.twinlock.Administration1_adaptor.h>
#include <stubs/org.twinlock.Enrollment1_adaptor.h>

#include <algorithm>
#include <sstream>
#include <tuple>

namespace twinlock::client {
namespace {

using Bytes = std::vector<std::uint8_t>;
using WireMessage = sdbus::Struct<std::uint32_t, std::string>;
using WireMethod = sdbus::Struct<std::string,
                                 std::string,
                                 std::string,
                                 std::int64_t,
                                 std::int64_t,
                                 std::int64_t,
                                 std::vector<std::string>>;
using WireUser = sdbus::Struct<std::string, std::uint32_t, std::uint32_t, std::string>;
using StepResult = sdbus::Result<Bytes,
                                 std::string,
                                 std::string,
                                 std::vector<WireMessage>,
                                 std::uint32_t,
                                 std::string,
                                 Bytes,
                                 std::string>;

constexpr const char* kConversation = "conversation-1";
constexpr const char* kId = "01HNEW";
constexpr const char* kSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr const char* kUri =
    "otpauth://totp/Twinlock:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Twinlock"
    "&algorithm=SHA1&digits=6&period=30";

#if __has_include(<sdbus-c++/VTableItems.h>)
using ErrorName = sdbus::Error::Name;
using ServiceName = sdbus::ServiceName;
#else
using ErrorName = std::string;
using ServiceName = std::string;
#endif

sdbus::Error twinlock_error(const std::string& word, const std::string& text) {
  return sdbus::Error(ErrorName{"org.twinlock.Error." + word}, text);
}

template <typename... Words>
std::string joined(const Words&... words) {
  std::ostringstream text;
  ((text << words << ' '), ...);
  auto line = text.str();
  line.pop_back();
  return line;
}

// What both interfaces share: the script, and the thread that changes it.
class Shared {
 public:
  explicit Shared(Script wanted) : script(std::move(wanted)) {}

  // Notes the call; throws what the script says that calls fail with.
  template <typename... Words>
  void called(const Words&... words) {
    script.calls.push_back(joined(words...));
    fail_if_told();
  }

  void fail_if_told() const {
    if (script.error) throw sdbus::Error(ErrorName{script.error->first}, script.error->second);
  }

  void require_proof(const std::string& proof) const {
    if (!script.proof_required || proof == kConversation) return;
    throw twinlock_error("ProofRequired", "proof required");
  }

  void judge(const std::string& code) {
    if (code != script.right_code) throw twinlock_error("WrongCode", "wrong code");
    if (script.proof_required_once_confirmed) script.proof_required = true;
  }

  std::vector<WireMethod> wire_methods() const {
    std::vector<WireMethod> methods;
    for (const auto& m : script.methods) {
      methods.emplace_back(m.id, m.type, m.name, m.created, m.confirmed, m.last_used, m.flags);
    }
    return methods;
  }

  // Runs `answer` under the lock and sends what it returns, or the error that it throws.
  template <typename Result, typename Answer>
  void respond(Result&& result, Answer answer) {
    const std::lock_guard lock(mutex);
    try {
      if constexpr (std::is_void_v<decltype(answer())>) {
        answer();
        result.returnResults();
      } else {
        std::apply([&](const auto&... values) { result.returnResults(values...); }, answer());
      }
    } catch (const sdbus::Error& error) {
      result.returnError(error);
    }
  }

  std::mutex mutex;
  Script script;
};

class Enrollment final : public sdbus::AdaptorInterfaces<org::twinlock::Enrollment1_adaptor> {
 public:
  Enrollment(sdbus::IConnection& bus, const std::string& path, Shared& shared)
      : AdaptorInterfaces(bus, sdbus::ObjectPath{path}), shared_(shared) {
    registerAdaptor();
  }
  Enrollment(const Enrollment&) = delete;
  Enrollment& operator=(const Enrollment&) = delete;
  ~Enrollment() { unregisterAdaptor(); }

 private:
  Script& script() { return shared_.script; }

  auto step(const Bytes& nonce) {
    const auto& next = script().steps.at(answers_);
    std::vector<WireMessage> messages;
    for (const auto& m : next.messages) {
      messages.emplace_back(static_cast<std::uint32_t>(m.kind), m.text);
    }
    return std::tuple(script().wrong_nonce ? Bytes(nonce.size()) : nonce,
                      std::string(kConversation),
                      std::string("alice"),
                      messages,
                      static_cast<std::uint32_t>(next.kind),
                      next.text,
                      Bytes(),
                      next.reason);
  }

  void Status(sdbus::Result<std::string>&& result) override {
    shared_.respond(std::move(result), [this] {
      shared_.called("Status");
      return std::tuple(script().status);
    });
  }
  void ListMethods(sdbus::Result<std::vector<WireMethod>>&& result) override {
    shared_.respond(std::move(result), [this] {
      shared_.called("ListMethods");
      return std::tuple(shared_.wire_methods());
    });
  }
  void Begin(StepResult&& result,
             Bytes nonce,
             std::string purpose,
             std::string /*locale*/) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("Begin", purpose);
      nonce_ = nonce;
      answers_ = 0;
      return step(nonce);
    });
  }
  void Answer(StepResult&& result,
              std::string conversation,
              Bytes previous_nonce,
              Bytes nonce,
              Bytes answer) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("Answer", conversation, std::string(answer.begin(), answer.end()));
      if (previous_nonce != nonce_ || nonce == nonce_) {
        throw twinlock_error("InvalidInput", "the chain of nonces is broken");
      }
      nonce_ = nonce;
      ++answers_;
      return step(nonce);
    });
  }
  void Cancel(sdbus::Result<>&& result, std::string conversation) override {
    shared_.respond(std::move(result), [&] { shared_.called("Cancel", conversation); });
  }
  void EnrollOtp(sdbus::Result<std::string, std::string, std::string>&& result,
                 std::string proof,
                 std::string type,
                 std::string name,
                 std::string algorithm,
                 std::uint32_t digits,
                 std::uint32_t period) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("EnrollOtp", "proof=" + proof, type, name, algorithm, digits, period);
      shared_.require_proof(proof);
      return std::tuple(kId, kSecret, kUri);
    });
  }
  void ConfirmOtp(sdbus::Result<>&& result, std::string id, std::string code) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("ConfirmOtp", id, code);
      shared_.judge(code);
    });
  }
  void RemoveMethod(sdbus::Result<>&& result, std::string proof, std::string id) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("RemoveMethod", "proof=" + proof, id);
      shared_.require_proof(proof);
    });
  }
  void RenameMethod(sdbus::Result<>&& result, std::string id, std::string name) override {
    shared_.respond(std::move(result), [&] { shared_.called("RenameMethod", id, name); });
  }
  void MakeRecoveryCodes(sdbus::Result<std::vector<std::string>>&& result,
                         std::string proof) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("MakeRecoveryCodes", "proof=" + proof);
      shared_.require_proof(proof);
      return std::tuple(shared_.script.recovery_codes);
    });
  }

  Shared& shared_;
  Bytes nonce_;
  std::size_t answers_ = 0;
};

class Administration final
    : public sdbus::AdaptorInterfaces<org::twinlock::Administration1_adaptor> {
 public:
  Administration(sdbus::IConnection& bus, const std::string& path, Shared& shared)
      : AdaptorInterfaces(bus, sdbus::ObjectPath{path}), shared_(shared) {
    registerAdaptor();
  }
  Administration(const Administration&) = delete;
  Administration& operator=(const Administration&) = delete;
  ~Administration() { unregisterAdaptor(); }

 private:
  Script& script() { return shared_.script; }

  void ListUsers(sdbus::Result<std::vector<WireUser>>&& result,
                 std::string after,
                 std::uint32_t limit) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("ListUsers", "after=" + after, limit);
      std::vector<WireUser> users;
      for (const auto& u : script().users) users.emplace_back(u.name, u.uid, u.methods, u.state);
      return std::tuple(users);
    });
  }
  void UserStatus(sdbus::Result<std::string>&& result, std::string user) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("UserStatus", user);
      return std::tuple(script().status);
    });
  }
  void ListMethods(sdbus::Result<std::vector<WireMethod>>&& result, std::string user) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("ListMethods", user);
      return std::tuple(shared_.wire_methods());
    });
  }
  void EnrollOtp(sdbus::Result<std::string, std::string, std::string>&& result,
                 std::string user,
                 std::string type,
                 std::string name,
                 std::string algorithm,
                 std::uint32_t digits,
                 std::uint32_t period) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("EnrollOtp", user, type, name, algorithm, digits, period);
      return std::tuple(kId, kSecret, kUri);
    });
  }
  void ConfirmOtp(sdbus::Result<>&& result,
                  std::string user,
                  std::string id,
                  std::string code) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("ConfirmOtp", user, id, code);
      shared_.judge(code);
    });
  }
  void ResynchronizeOtp(sdbus::Result<>&& result,
                        std::string user,
                        std::string id,
                        std::string first_code,
                        std::string second_code) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("ResynchronizeOtp", user, id, first_code, second_code);
      shared_.judge(first_code);
    });
  }
  void RemoveMethod(sdbus::Result<>&& result, std::string user, std::string id) override {
    shared_.respond(std::move(result), [&] { shared_.called("RemoveMethod", user, id); });
  }
  void RenameMethod(sdbus::Result<>&& result,
                    std::string user,
                    std::string id,
                    std::string name) override {
    shared_.respond(std::move(result), [&] { shared_.called("RenameMethod", user, id, name); });
  }
  void MakeRecoveryCodes(sdbus::Result<std::vector<std::string>>&& result,
                         std::string user) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("MakeRecoveryCodes", user);
      return std::tuple(shared_.script.recovery_codes);
    });
  }
  void ResetUser(sdbus::Result<std::uint32_t>&& result, std::string user) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("ResetUser", user);
      return std::tuple(script().removed);
    });
  }
  void UnlockUser(sdbus::Result<>&& result, std::string user) override {
    shared_.respond(std::move(result), [&] { shared_.called("UnlockUser", user); });
  }
  void Policy(sdbus::Result<std::string>&& result) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("Policy");
      return std::tuple(std::string("all-applications"));
    });
  }
  void SetPolicy(sdbus::Result<>&& result, std::string policy) override {
    shared_.respond(std::move(result), [&] { shared_.called("SetPolicy", policy); });
  }
  void Factors(sdbus::Result<std::vector<sdbus::Struct<std::string, bool>>>&& result) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("Factors");
      return std::tuple(
          std::vector<sdbus::Struct<std::string, bool>>{{"otp", true}, {"recovery-code", false}});
    });
  }
  void SetFactor(sdbus::Result<>&& result, std::string name, bool enabled) override {
    shared_.respond(std::move(result), [&] { shared_.called("SetFactor", name, enabled); });
  }
  void CreateApiClient(sdbus::Result<std::string, std::string>&& result,
                       std::string name,
                       std::string scopes,
                       std::string networks,
                       std::string groups,
                       std::string users,
                       std::string public_key,
                       std::uint32_t token_lifetime) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("CreateApiClient",
                     name,
                     '[' + scopes + ']',
                     '[' + networks + ']',
                     '[' + groups + ']',
                     users,
                     public_key.size(),
                     token_lifetime);
      return std::tuple(script().client_id,
                        public_key.empty() ? script().client_secret : std::string());
    });
  }
  void ListApiClients(sdbus::Result<std::vector<std::string>>&& result) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("ListApiClients");
      return std::tuple(script().clients);
    });
  }
  void RotateApiClient(sdbus::Result<std::string>&& result, std::string id) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("RotateApiClient", id);
      return std::tuple(script().client_secret);
    });
  }
  void DeleteApiClient(sdbus::Result<>&& result, std::string id) override {
    shared_.respond(std::move(result), [&] { shared_.called("DeleteApiClient", id); });
  }
  void ReadLog(sdbus::Result<std::vector<std::string>>&& result,
               std::uint64_t after,
               std::uint32_t limit,
               std::string user) override {
    shared_.respond(std::move(result), [&] {
      shared_.fail_if_told();
      if (after == DaemonProxy::kNewest) shared_.called("ReadLog", "newest", limit, user);
      const auto& all = script().records;
      const auto newest = all.size() > limit ? all.size() - limit : 0;
      const auto first = after == DaemonProxy::kNewest ? newest : std::size_t{after};
      std::vector<std::string> page(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
      return std::tuple(page);
    });
  }
  void VerifyLog(sdbus::Result<std::uint64_t, std::string>&& result) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("VerifyLog");
      return std::tuple(std::uint64_t{7}, script().finding);
    });
  }
  void DaemonStatus(sdbus::Result<std::string>&& result) override {
    shared_.respond(std::move(result), [&] {
      shared_.called("DaemonStatus");
      return std::tuple(std::string(
          R"({"version": "0.1.0", "policy": "none", "audit_head": {"seq": 17, "mac": "3fa9"}})"));
    });
  }

  Shared& shared_;
};

}  // namespace

struct ScriptedDaemon::Impl {
  Impl(const std::string& address, Script script)
      : shared(std::move(script)), bus(sdbus::createSessionBusConnectionWithAddress(address)) {
    bus->requestName(ServiceName{wire::kBusName});
    bus->requestName(ServiceName{wire::kRootBusName});
    bus->enterEventLoopAsync();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { bus->leaveEventLoop(); }

  Shared shared;
  std::unique_ptr<sdbus::IConnection> bus;
  // Each interface is an object of its own kind to sdbus-c++, so that both get the same path.
  Enrollment enrollment{*bus, wire::kObjectPath, shared};
  Administration administration{*bus, wire::kObjectPath, shared};
};

ScriptedDaemon::ScriptedDaemon(const std::string& address, Script script)
    : impl_(std::make_unique<Impl>(address, std::move(script))) {}

ScriptedDaemon::~ScriptedDaemon() = default;

std::vector<std::string> ScriptedDaemon::calls() const {
  const std::lock_guard lock(impl_->shared.mutex);
  return impl_->shared.script.calls;
}

void ScriptedDaemon::append_record(std::string record) {
  const std::lock_guard lock(impl_->shared.mutex);
  impl_->shared.script.records.push_back(std::move(record));
}

Step prompt(std::string text, std::vector<Message> messages) {
  return {{}, {}, std::move(messages), wire::StepKind::PromptHidden, std::move(text), {}};
}

Step decision(wire::StepKind kind, std::string reason, std::string text) {
  return {{}, {}, {}, kind, std::move(text), std::move(reason)};
}

}  // namespace twinlock::client
