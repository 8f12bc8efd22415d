// SPDX-License-Identifier: MIT
#include "client/daemon_proxy.h"

#include <sdbus-c++/sdbus-c++.h>
#include <stubs/org.twinlock.Administration1_proxy.h>
#include <stubs/org.twinlock.Enrollment1_proxy.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "client/text.h"

namespace twinlock::client {
namespace {

// sdbus-c++ 2 gives each kind of name a type; 1.2 takes texts.
#if __has_include(<sdbus-c++/VTableItems.h>)
using ServiceName = sdbus::ServiceName;
#else
using ServiceName = std::string;
#endif

constexpr std::chrono::seconds kCallTimeout{10};
constexpr const char* kProofRequired = "org.twinlock.Error.ProofRequired";
constexpr const char* kWrongCode = "org.twinlock.Error.WrongCode";

// Root has a name of its own, where it stands behind nobody's calls.
const char* our_name() { return geteuid() == 0 ? wire::kRootBusName : wire::kBusName; }

// The generated proxy, registered for as long as it lives.
template <typename Generated>
class Registered final : public sdbus::ProxyInterfaces<Generated> {
 public:
  explicit Registered(sdbus::IConnection& bus)
      : sdbus::ProxyInterfaces<Generated>(
            bus, ServiceName{our_name()}, sdbus::ObjectPath{wire::kObjectPath}) {
    this->registerProxy();
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  ~Registered() { this->unregisterProxy(); }
};

using EnrollmentProxy = Registered<org::twinlock::Enrollment1_proxy>;
using AdministrationProxy = Registered<org::twinlock::Administration1_proxy>;

Error translated(const sdbus::Error& error) {
  return error_from_bus(error.getName(), error.getMessage());
}

// A call, with what the library throws turned into an Error.
template <typename Call>
auto ask(Call call) -> Result<decltype(call())> {
  try {
    return call();
  } catch (const sdbus::Error& error) {
    return translated(error);
  }
}

// The same for a call whose success says nothing.
template <typename Call>
Status tell(Call call) {
  return ask([&call] {
    call();
    return Done{};
  });
}

// A call that may need a proof first: nothing, if so.
template <typename Call>
auto ask_with_proof(const std::string& proof, Call call)
    -> Result<std::optional<decltype(call())>> {
  try {
    return std::optional(call());
  } catch (const sdbus::Error& error) {
    if (proof.empty() && error.getName() == kProofRequired) {
      return std::optional<decltype(call())>{};
    }
    return translated(error);
  }
}

// A call that judges codes.
template <typename Call>
Result<Confirmation> confirm(Call call) {
  try {
    call();
    return Confirmation::Confirmed;
  } catch (const sdbus::Error& error) {
    if (error.getName() == kWrongCode) return Confirmation::WrongCode;
    return translated(error);
  }
}

template <typename WireMethods>
std::vector<Method> from_wire(const WireMethods& wire_methods) {
  std::vector<Method> methods;
  methods.reserve(wire_methods.size());
  for (const auto& m : wire_methods) {
    methods.push_back({std::get<0>(m),
                       std::get<1>(m),
                       std::get<2>(m),
                       std::get<3>(m),
                       std::get<4>(m),
                       std::get<5>(m),
                       std::get<6>(m)});
  }
  return methods;
}

NewOtp new_otp(std::tuple<std::string, std::string, std::string>&& reply) {
  auto& [id, secret, uri] = reply;
  NewOtp otp{std::move(id), Secret(secret), Secret(uri)};
  wipe({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
  wipe({reinterpret_cast<std::uint8_t*>(uri.data()), uri.size()});
  return otp;
}

template <typename WireStep>
Result<Step> step_from_wire(const WireStep& reply, std::span<const std::uint8_t> nonce) {
  const auto& [echo, conversation, user, messages, number, text, payload, reason] = reply;
  if (!std::equal(echo.begin(), echo.end(), nonce.begin(), nonce.end())) {
    return Error{ErrorCode::Internal, "twinlockd answered another question than the one asked."};
  }
  const auto kind = wire::step_kind(number);
  if (!kind) return error_from_bus("org.freedesktop.DBus.Error.InvalidArgs", "");

  Step step{echo, conversation, {}, *kind, text, reason};
  for (const auto& message : messages) {
    step.messages.push_back({static_cast<wire::MessageKind>(std::get<0>(message)),  //
                             std::get<1>(message)});
  }
  return step;
}

class OwnAccount final : public Account {
 public:
  explicit OwnAccount(EnrollmentProxy& daemon) : daemon_(daemon) {}

  Result<std::string> status() override {
    return ask([this] { return daemon_.Status(); });
  }
  Result<std::vector<Method>> methods() override {
    return ask([this] { return from_wire(daemon_.ListMethods()); });
  }
  Result<std::optional<NewOtp>> enroll_otp(const std::string& proof, const OtpRequest& r) override {
    return ask_with_proof(proof, [&] {
      return new_otp(daemon_.EnrollOtp(proof, r.type, r.name, r.algorithm, r.digits, r.period));
    });
  }
  Result<Confirmation> confirm_otp(const std::string& id, const Secret& code) override {
    return confirm([&] { daemon_.ConfirmOtp(id, std::string(code.text())); });
  }
  Result<std::optional<Done>> remove(const std::string& proof, const std::string& id) override {
    return ask_with_proof(proof, [&] {
      daemon_.RemoveMethod(proof, id);
      return Done{};
    });
  }
  Status rename(const std::string& id, const std::string& name) override {
    return tell([&] { daemon_.RenameMethod(id, name); });
  }
  Result<std::optional<std::vector<std::string>>> make_recovery_codes(
      const std::string& proof) override {
    return ask_with_proof(proof, [&] { return daemon_.MakeRecoveryCodes(proof); });
  }

 private:
  EnrollmentProxy& daemon_;
};

// An administrator shows who he is to the bus, not to an authenticator: proofs are not asked for.
class AnyAccount final : public Account {
 public:
  AnyAccount(AdministrationProxy& daemon, std::string user)
      : daemon_(daemon), user_(std::move(user)) {}

  Result<std::string> status() override {
    return ask([this] { return daemon_.UserStatus(user_); });
  }
  Result<std::vector<Method>> methods() override {
    return ask([this] { return from_wire(daemon_.ListMethods(user_)); });
  }
  Result<std::optional<NewOtp>> enroll_otp(const std::string& proof, const OtpRequest& r) override {
    return ask_with_proof(proof, [&] {
      return new_otp(daemon_.EnrollOtp(user_, r.type, r.name, r.algorithm, r.digits, r.period));
    });
  }
  Result<Confirmation> confirm_otp(const std::string& id, const Secret& code) override {
    return confirm([&] { daemon_.ConfirmOtp(user_, id, std::string(code.text())); });
  }
  Result<std::optional<Done>> remove(const std::string& proof, const std::string& id) override {
    return ask_with_proof(proof, [&] {
      daemon_.RemoveMethod(user_, id);
      return Done{};
    });
  }
  Status rename(const std::string& id, const std::string& name) override {
    return tell([&] { daemon_.RenameMethod(user_, id, name); });
  }
  Result<std::optional<std::vector<std::string>>> make_recovery_codes(
      const std::string& proof) override {
    return ask_with_proof(proof, [&] { return daemon_.MakeRecoveryCodes(user_); });
  }

 private:
  AdministrationProxy& daemon_;
  std::string user_;
};

std::vector<std::uint8_t> copied(std::span<const std::uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

// Lists travel as words with a space between two of them.
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

struct DaemonProxy::Impl {
  explicit Impl(std::unique_ptr<sdbus::IConnection> connection) : bus(std::move(connection)) {}

  std::unique_ptr<sdbus::IConnection> bus;
  EnrollmentProxy enrollment{*bus};
  AdministrationProxy administration{*bus};
};

DaemonProxy::DaemonProxy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DaemonProxy::~DaemonProxy() = default;

Result<std::unique_ptr<DaemonProxy>> DaemonProxy::connect(const std::string& address) {
  try {
    auto bus = address.empty() ? sdbus::createSystemBusConnection()
                               : sdbus::createSessionBusConnectionWithAddress(address);
    bus->setMethodCallTimeout(kCallTimeout);
    return std::unique_ptr<DaemonProxy>(new DaemonProxy(std::make_unique<Impl>(std::move(bus))));
  } catch (const sdbus::Error& error) {
    const auto why = " (" + error.getMessage() + ')';
    if (address.empty()) {
      return Error{ErrorCode::Unavailable,
                   "Cannot reach the system bus" + why + ": systemctl start dbus"};
    }
    return Error{ErrorCode::Unavailable,
                 "No bus answers at the address that --bus gives, " + label(address) + why +
                     ". It has to be one as D-Bus writes it, such as "
                     "unix:path=/run/dbus/system_bus_socket, of a bus that runs; without --bus, "
                     "the system bus is used."};
  }
}

bool DaemonProxy::is_connected() const {
  try {
    return !impl_->bus->getUniqueName().empty();
  } catch (const sdbus::Error&) {  // sd_bus_get_unique_name(3): the connection has been closed
    return false;
  }
}

std::unique_ptr<Account> DaemonProxy::account(const std::string& user) {
  if (user.empty()) return std::make_unique<OwnAccount>(impl_->enrollment);
  return std::make_unique<AnyAccount>(impl_->administration, user);
}

Result<Step> DaemonProxy::begin(std::span<const std::uint8_t> nonce,
                                const std::string& purpose,
                                const std::string& locale) {
  const auto reply = ask([&] { return impl_->enrollment.Begin(copied(nonce), purpose, locale); });
  if (!reply) return reply.error();
  return step_from_wire(*reply, nonce);
}

Result<Step> DaemonProxy::answer(const Step& previous,
                                 std::span<const std::uint8_t> nonce,
                                 const Secret& answer) {
  auto bytes = copied(answer.bytes());
  const auto reply = ask([&] {
    return impl_->enrollment.Answer(previous.conversation, previous.nonce, copied(nonce), bytes);
  });
  wipe(bytes);
  if (!reply) return reply.error();
  return step_from_wire(*reply, nonce);
}

Status DaemonProxy::cancel(const std::string& conversation) {
  return tell([&] { impl_->enrollment.Cancel(conversation); });
}

Result<std::vector<User>> DaemonProxy::users(const std::string& after, std::uint32_t limit) {
  return ask([&] {
    std::vector<User> users;
    for (const auto& user : impl_->administration.ListUsers(after, limit)) {
      users.push_back({std::get<0>(user), std::get<1>(user), std::get<2>(user), std::get<3>(user)});
    }
    return users;
  });
}

Result<Confirmation> DaemonProxy::resynchronize(const std::string& user,
                                                const std::string& id,
                                                const Secret& first,
                                                const Secret& second) {
  return confirm([&] {
    impl_->administration.ResynchronizeOtp(
        user, id, std::string(first.text()), std::string(second.text()));
  });
}

Result<std::uint32_t> DaemonProxy::reset_user(const std::string& user) {
  return ask([&] { return impl_->administration.ResetUser(user); });
}

Status DaemonProxy::unlock_user(const std::string& user) {
  return tell([&] { impl_->administration.UnlockUser(user); });
}

Result<DaemonProxy::NewApiClient> DaemonProxy::create_api_client(const ApiClientRequest& request) {
  return ask([&] {
    const auto [id, secret] = impl_->administration.CreateApiClient(request.name,
                                                                    joined(request.scopes),
                                                                    joined(request.networks),
                                                                    joined(request.groups),
                                                                    request.users,
                                                                    request.public_key,
                                                                    request.token_lifetime);
    return NewApiClient{id, secret};
  });
}

Result<std::vector<std::string>> DaemonProxy::api_clients() {
  return ask([&] { return impl_->administration.ListApiClients(); });
}

Result<std::string> DaemonProxy::rotate_api_client(const std::string& id) {
  return ask([&] { return impl_->administration.RotateApiClient(id); });
}

Status DaemonProxy::delete_api_client(const std::string& id) {
  return tell([&] { impl_->administration.DeleteApiClient(id); });
}

Result<std::string> DaemonProxy::policy() {
  return ask([&] { return impl_->administration.Policy(); });
}

Status DaemonProxy::set_policy(const std::string& policy) {
  return tell([&] { impl_->administration.SetPolicy(policy); });
}

Result<std::vector<Factor>> DaemonProxy::factors() {
  return ask([&] {
    std::vector<Factor> factors;
    for (const auto& factor : impl_->administration.Factors()) {
      factors.push_back({std::get<0>(factor), std::get<1>(factor)});
    }
    return factors;
  });
}

Status DaemonProxy::set_factor(const std::string& name, bool enabled) {
  return tell([&] { impl_->administration.SetFactor(name, enabled); });
}

Result<std::vector<std::string>> DaemonProxy::read_log(std::uint64_t after,
                                                       std::uint32_t limit,
                                                       const std::string& user) {
  return ask([&] { return impl_->administration.ReadLog(after, limit, user); });
}

Result<LogCheck> DaemonProxy::verify_log() {
  return ask([&] {
    auto [records, finding] = impl_->administration.VerifyLog();
    return LogCheck{records, std::move(finding)};
  });
}

Result<std::string> DaemonProxy::daemon_status() {
  return ask([&] { return impl_->administration.DaemonStatus(); });
}

}  // namespace twinlock::client
