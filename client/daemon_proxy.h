// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_DAEMON_PROXY_H
#define TWINLOCK_CLIENT_DAEMON_PROXY_H

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/login_wire.h"
#include "common/result.h"
#include "common/secret.h"

namespace twinlock::client {

// One authentication method. Times are seconds since 1970, 0 for never.
struct Method {
  std::string id;
  std::string type;  // "totp", "hotp" or "recovery-code"
  std::string name;  // chosen by a user: show it through label()
  std::int64_t created;
  std::int64_t confirmed;
  std::int64_t last_used;
  std::vector<std::string> flags;  // "unconfirmed", "weak", "foreign-uid", "disabled"
};

struct OtpRequest {
  std::string type;  // "totp" or "hotp"
  std::string name;
  std::string algorithm;  // "SHA1", "SHA256" or "SHA512"
  std::uint32_t digits;
  std::uint32_t period;  // seconds; 0 for hotp
};

// A method that does not count yet, and its seed, which is told this once (S44).
struct NewOtp {
  std::string id;
  Secret secret;  // base32
  Secret uri;     // otpauth://, seed included
};

enum class Confirmation { WrongCode, Confirmed };

// The methods of one account: one's own (Enrollment1), or anybody's for an administrator
// (Administration1).
//
// `proof` is the id of a conversation with the purpose "proof" that was granted, or empty. Where
// the daemon wants one, the call changes nothing and returns nothing: get one and call again.
class Account {
 public:
  Account() = default;
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;
  virtual ~Account() = default;

  // A JSON object with the keys that common/dbus/org.twinlock.Enrollment1.xml lists.
  virtual Result<std::string> status() = 0;
  virtual Result<std::vector<Method>> methods() = 0;
  virtual Result<std::optional<NewOtp>> enroll_otp(const std::string& proof,
                                                   const OtpRequest& request) = 0;
  virtual Result<Confirmation> confirm_otp(const std::string& id, const Secret& code) = 0;
  virtual Result<std::optional<Done>> remove(const std::string& proof, const std::string& id) = 0;
  virtual Status rename(const std::string& id, const std::string& name) = 0;
  virtual Result<std::optional<std::vector<std::string>>> make_recovery_codes(
      const std::string& proof) = 0;
};

// A step of a conversation with the daemon (docs/login-protocol.md).
struct Message {
  wire::MessageKind kind;
  std::string text;
};

struct Step {
  std::vector<std::uint8_t> nonce;
  std::string conversation;
  std::vector<Message> messages;
  wire::StepKind kind;
  std::string text;
  std::string reason;
};

struct User {
  std::string name;
  std::uint32_t uid;
  std::uint32_t methods;  // confirmed ones
  std::string state;      // "active", "held", "disabled", "foreign-uid", "blocked" or "gone"
};

struct Factor {
  std::string name;
  bool enabled;
};

struct LogCheck {
  std::uint64_t records;
  std::string finding;  // empty: the chain is whole
};

// The daemon as seen over the bus; one connection, one thread. The only file of the command that
// knows sdbus-c++. Every call waits at most ten seconds; all errors carry a text for people.
class DaemonProxy {
 public:
  // `address`: a bus, in the notation of the D-Bus specification; empty for the system bus.
  // Unavailable if nobody listens there. The daemon need not run yet.
  static Result<std::unique_ptr<DaemonProxy>> connect(const std::string& address);

  // Whether the bus is still there; the daemon need not be.
  [[nodiscard]] bool is_connected() const;

  DaemonProxy(const DaemonProxy&) = delete;
  DaemonProxy& operator=(const DaemonProxy&) = delete;
  ~DaemonProxy();

  // The caller's own account if `user` is empty. Must not outlive the proxy.
  [[nodiscard]] std::unique_ptr<Account> account(const std::string& user);

  // A conversation with oneself. Internal if a reply does not belong to its question or holds a
  // kind of step that is not known here (S145).
  Result<Step> begin(std::span<const std::uint8_t> nonce,
                     const std::string& purpose,
                     const std::string& locale);
  Result<Step> answer(const Step& previous,
                      std::span<const std::uint8_t> nonce,
                      const Secret& answer);
  Status cancel(const std::string& conversation);

  // Administration1; Forbidden for whom neither root nor polkit speaks.
  Result<std::vector<User>> users(const std::string& after, std::uint32_t limit);
  Result<Confirmation> resynchronize(const std::string& user,
                                     const std::string& id,
                                     const Secret& first,
                                     const Secret& second);
  Result<std::uint32_t> reset_user(const std::string& user);
  Status unlock_user(const std::string& user);
  Result<std::string> policy();
  Status set_policy(const std::string& policy);
  Result<std::vector<Factor>> factors();
  Status set_factor(const std::string& name, bool enabled);

  // As Administration1.CreateApiClient has them.
  struct ApiClientRequest {
    std::string name;
    std::vector<std::string> scopes;
    std::vector<std::string> networks;
    std::vector<std::string> groups;
    std::string users;
    std::string public_key;
    std::uint32_t token_lifetime = 0;
  };
  struct NewApiClient {
    std::string id;
    std::string secret;
  };
  Result<NewApiClient> create_api_client(const ApiClientRequest& request);
  Result<std::vector<std::string>> api_clients();  // JSON objects
  Result<std::string> rotate_api_client(const std::string& id);
  Status delete_api_client(const std::string& id);
  // JSON objects, oldest first; kNewest as `after` for the last `limit` ones.
  static constexpr std::uint64_t kNewest = ~std::uint64_t{0};
  Result<std::vector<std::string>> read_log(std::uint64_t after,
                                            std::uint32_t limit,
                                            const std::string& user);
  Result<LogCheck> verify_log();
  Result<std::string> daemon_status();  // a JSON object

 private:
  struct Impl;
  explicit DaemonProxy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What an error name of the bus or of the daemon means here, with what to do about it.
[[nodiscard]] Error error_from_bus(std::string_view name, std::string_view text);

}  // namespace twinlock::client

#endif
