// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_METHOD_VIEW_H
#define TWINLOCK_DAEMON_HTTP_METHOD_VIEW_H

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/domain/method_data.h"
#include "daemon/http/json.h"
#include "daemon/http/json_writer.h"

namespace twinlock::http {

// How numbers and addresses are shown (§1.11 of the contract).
enum class Contacts { Clear, Masked };

// What the tenant's settings say about how methods are shown.
struct MethodPresentation {
  Contacts contacts = Contacts::Clear;
  std::vector<PhoneChannel> channels{PhoneChannel::Sms};  // by which phones are reached
};
// Asked at each use: another process may have changed it.
using PresentationSource = std::function<Result<MethodPresentation>()>;

// An authentication method as Auth0 and AuthHero show one (§3.2 of the contract): both names where
// they differ; never a seed or a code. HOTP methods show as totp, the only name there is for them.
void write_method(JsonWriter& json, const EnrolledMethod& enrolled, const MethodPresentation& how);
[[nodiscard]] std::string method_text(const EnrolledMethod& enrolled,
                                      const MethodPresentation& how);

// The same as Guardian's enrollment (G47).
[[nodiscard]] Json enrollment_view(const EnrolledMethod& method, const MethodPresentation& how);
// As an entry of a user's enrollments (U14); nothing for what isn't listed there.
[[nodiscard]] std::optional<Json> listed_enrollment(const EnrolledMethod& method,
                                                    const MethodPresentation& how);

// An id in any of its forms: "01J…", "dev_01J…", "totp|dev_01J…" (C27).
[[nodiscard]] std::optional<MethodId> parse_method_reference(std::string_view text);

}  // namespace twinlock::http

#endif
