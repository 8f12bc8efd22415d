// SPDX-License-Identifier: MIT
#include "daemon/domain/tickets.h"

#include <algorithm>
#include <array>

#include "common/encoding.h"
#include "daemon/domain/limits.h"
#include "daemon/domain/user_event.h"
#include "daemon/domain/user_id.h"

namespace twinlock {
namespace {

constexpr std::array kEnrollable{
    Factor::Sms, Factor::Otp, Factor::Email, Factor::WebauthnRoaming, Factor::WebauthnPlatform};

}  // namespace

Status Tickets::check_enrollable() {
  const auto settings = ports_.settings.settings();
  if (!settings) return settings.error();
  const auto& on = settings->enabled;
  const bool any = std::any_of(kEnrollable.begin(), kEnrollable.end(), [&on](Factor factor) {
    return std::find(on.begin(), on.end(), factor) != on.end();
  });
  if (any) return Done{};
  return Error{ErrorCode::Conflict,
               "At least one MFA factor (SMS, OTP, or WebAuthn) must be enabled before creating "
               "enrollment tickets."};
}

Result<std::string> Tickets::issue(const Account& owner,
                                   const TicketRequest& request,
                                   const Actor& actor) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  std::array<std::uint8_t, kTicketBytes> random{};
  ports_.random.fill(random);
  const auto text = base64url_encode(random);

  Ticket ticket;
  ticket.digest = ticket_digest(text);
  ticket.owner = owner;
  ticket.factor = request.factor;
  ticket.issuer = actor.name;
  ticket.created = now->wall;
  ticket.expires = now->wall + kTicketLifetime;
  ticket.allow_multiple = request.allow_multiple;
  ticket.locale = request.locale;

  AuditEvent event = user_event(AuditEventType::TicketMade, owner, actor, now->wall);
  event.detail = request.factor ? std::string(factor_name(*request.factor)) : "any factor";
  if (request.allow_multiple) event.detail += ", beside others";
  if (auto added = ports_.tickets.add_ticket(ticket, event); !added) return added.error();
  ports_.audit.written(event);
  return text;
}

}  // namespace twinlock
