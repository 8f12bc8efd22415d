// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_ENROLLED_METHOD_STORE_H
#define TWINLOCK_DAEMON_PORTS_ENROLLED_METHOD_STORE_H

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/domain/account.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/method_data.h"
#include "daemon/ports/claim.h"

namespace twinlock {

// How many there may be once one is added.
struct EnrolledLimits {
  std::vector<MethodType> counted;  // of all of these types together, for one account
  std::size_t most;
  std::size_t unconfirmed;  // of every type, for one account
};

enum class EnrolledAddition { Added, TooMany, Exists };

// Left as it is where there is nothing.
struct EnrolledChange {
  std::optional<std::string> name;
  std::optional<PhoneChannel> preferred;  // of a phone
};

// Methods of every type, with what is kept of each beside what logins read. The promises of
// store.h hold. All writes are durable. An account of which something is stored for the first time
// gets a user record with it.
class EnrolledMethodStore {
 public:
  virtual ~EnrolledMethodStore() = default;

  // Of this name and uid, confirmed or not, oldest first.
  virtual Result<std::vector<EnrolledMethod>> enrolled_methods(const Account& owner) = 0;
  virtual Result<std::optional<EnrolledMethod>> enrolled_method(const MethodId& id) = 0;

  // Exists: the account has one of the same identity (method_data.h). One that is confirmed ends
  // the user's tickets.
  virtual Result<EnrolledAddition> add_method(const NewMethod& method,
                                              const EnrolledLimits& limits,
                                              const AuditEvent& event) = 0;
  // Takes away whatever remove_methods_of() of this name would, and has `methods` instead: all of
  // it or nothing. Each event is recorded.
  virtual Status replace_methods(std::string_view name,
                                 const std::vector<NewMethod>& methods,
                                 const std::vector<AuditEvent>& events) = 0;
  // Lost: there is no such method, or no such phone where the channel was to change.
  virtual Result<Claim> change_method(const MethodId& id,
                                      const EnrolledChange& change,
                                      const AuditEvent& event) = 0;
  // How many security keys and passkeys there are, of everybody.
  virtual Result<std::int64_t> count_keys() = 0;
  // Forgets where logins of this name came from. Returns how many places; if none, nothing was
  // written.
  virtual Result<int> forget_places(std::string_view name, const AuditEvent& event) = 0;
};

}  // namespace twinlock

#endif
