// SPDX-License-Identifier: MIT
#include "daemon/domain/api_access.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/encoding.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/public_key.h"
#include "daemon/domain/scope.h"

namespace twinlock {
namespace {

constexpr std::string_view kFull = "full";
constexpr std::size_t kMaxNetworks = 16;
constexpr std::size_t kMaxGroups = 16;
constexpr std::size_t kMaxPattern = 256;

Error invalid(std::string what) { return {ErrorCode::InvalidInput, std::move(what)}; }

Error no_client() {
  return {ErrorCode::NotFound,
          "there is no client of this id; \"twinlock admin client list\" has them"};
}

Status check_name(std::string_view name) {
  if (!name.empty() && name.size() <= kMaxClientName && is_utf8(name) &&
      printable(name, kMaxClientName) == name) {
    return Done{};
  }
  return invalid("a client's name has 1 to " + std::to_string(kMaxClientName) +
                 " bytes of UTF-8 without control characters");
}

Result<ScopeSet> resolved_scopes(const std::vector<std::string>& wanted) {
  if (wanted.empty()) return invalid("a client needs a scope: \"full\", or those it is to have");
  if (wanted.size() == 1 && wanted.front() == kFull) {
    return ScopeSet::all();
  }
  for (const auto& scope : wanted) {
    if (scope == kFull) return invalid("\"full\" is every scope, and stands alone");
    if (!is_scope(scope)) {
      return invalid(
          '"' + escaped(scope, kMaxPattern) +
          "\" is no scope; \"full\" is all of them, and openapi.json names those that an "
          "operation needs, as in read:guardian_factors");
    }
  }
  return ScopeSet(wanted);
}

Status check_networks(const std::vector<std::string>& networks) {
  if (networks.size() > kMaxNetworks) {
    return invalid("at most " + std::to_string(kMaxNetworks) + " networks for a client");
  }
  for (const auto& network : networks) {
    const auto parsed = Network::parse(network);
    if (!parsed) {
      return invalid('"' + escaped(network, kMaxPattern) +
                     "\" is no network to name; allowed: " + parsed.error().detail);
    }
  }
  return Done{};
}

Status check_users(const UserFilter& users) {
  if (users.groups.size() > kMaxGroups) {
    return invalid("at most " + std::to_string(kMaxGroups) + " groups for a client");
  }
  for (const auto& group : users.groups) {
    if (!is_account_name(group)) return invalid("a group's name can't be empty or have spaces");
  }
  const bool is_pattern = std::all_of(users.names.begin(), users.names.end(), [](char c) {
    return c == '*' || c == '?' || is_account_name(std::string_view(&c, 1));
  });
  if (is_pattern && users.names.size() <= kMaxPattern) return Done{};
  return invalid("a pattern of names has letters, digits, ._@+$- and the signs * and ?");
}

Status check_lifetime(std::chrono::seconds lifetime) {
  if (lifetime >= kShortestToken && lifetime <= kLongestToken) return Done{};
  return invalid("a token lives for 5 minutes to 30 days");
}

Status check_key(const std::string& public_key) {
  if (public_key.empty() || signature_algorithm_of(public_key)) return Done{};
  return invalid(
      "the key has to be a public one in PEM: RSA of 2048 bits or more, ECDSA on P-256, or "
      "Ed25519");
}

Status check(const ApiClientRequest& request) {
  auto good = check_name(request.name);
  if (good) good = check_networks(request.networks);
  if (good) good = check_users(request.users);
  if (good) good = check_lifetime(request.token_lifetime);
  if (good) good = check_key(request.public_key);
  return good;
}

}  // namespace

Secret ApiAccess::random_token(TokenKind kind) {
  Secret seed(kTokenBytes);
  ports_.random.fill(seed.bytes());
  return make_token(kind, std::span<const std::uint8_t, kTokenBytes>(seed.bytes()));
}

// 24 random bytes, in the letters and digits that Auth0's ids are made of.
std::string ApiAccess::random_client_id() {
  constexpr std::string_view kLetters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr unsigned kFair = 256 / kLetters.size() * kLetters.size();
  std::string id;
  while (id.size() < kClientIdLength) {
    std::array<std::uint8_t, kClientIdLength> bytes{};
    ports_.random.fill(bytes);
    for (const auto byte : bytes) {
      if (byte < kFair && id.size() < kClientIdLength) id += kLetters[byte % kLetters.size()];
    }
  }
  return id;
}

Result<AuditEvent> ApiAccess::event_now(AuditEventType type, const Actor& actor) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  AuditEvent event{};
  event.time = now->wall;
  event.type = type;
  attribute(event, actor);
  return event;
}

Result<NewApiClient> ApiAccess::create(const ApiClientRequest& request, const Actor& actor) {
  if (const auto good = check(request); !good) return good.error();
  const auto scopes = resolved_scopes(request.scopes);
  if (!scopes) return scopes.error();
  const auto event = event_now(AuditEventType::ApiClientCreated, actor);
  if (!event) return event.error();

  ApiClient client;
  client.id = random_client_id();
  client.name = request.name;
  client.scopes = *scopes;
  client.networks = request.networks;
  client.users = request.users;
  client.public_key = request.public_key;
  client.token_lifetime = request.token_lifetime;
  client.created = event->time;
  Secret secret;
  if (client.public_key.empty()) {
    secret = random_token(TokenKind::ClientSecret);
    client.secret = sha256_of(secret.text());
  }
  AuditEvent record = *event;
  record.detail =
      client.name + ", client " + client.id +
      (client.scopes == ScopeSet::all() ? std::string(", all scopes")
                                        : ", " + std::to_string(client.scopes.size()) + " scopes");
  const auto added = ports_.clients.add_api_client(client, record);
  if (!added) return added.error();
  switch (*added) {
    case ClientAddition::Added:
      ports_.audit.written(record);
      return NewApiClient{.id = client.id, .secret = std::move(secret)};
    case ClientAddition::NameTaken:
      return Error{ErrorCode::Conflict, "there is a client of this name already"};
    case ClientAddition::TooMany:
      break;
  }
  return Error{ErrorCode::LimitExceeded,
               "there are " + std::to_string(kMaxApiClients) + " clients; delete one first"};
}

Result<std::vector<ApiClient>> ApiAccess::clients() { return ports_.clients.api_clients(); }

Result<Secret> ApiAccess::rotate(std::string_view id, const Actor& actor) {
  const auto client = find(id);
  if (!client) return client.error();
  if (!*client) return no_client();
  if (!(*client)->public_key.empty()) {
    return Error{ErrorCode::Conflict,
                 "this client signs with a key of its own and has no secret; create another one "
                 "with the new key, and delete this one"};
  }
  auto event = event_now(AuditEventType::ApiClientRotated, actor);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  record.detail = (*client)->name + ", client " + (*client)->id;
  auto secret = random_token(TokenKind::ClientSecret);
  const auto claimed =
      ports_.clients.replace_client_secret((*client)->id, sha256_of(secret.text()), record);
  if (!claimed) return claimed.error();
  if (*claimed == Claim::Lost) return no_client();
  ports_.audit.written(record);
  return secret;
}

Status ApiAccess::remove(std::string_view id, const Actor& actor) {
  const auto client = find(id);
  if (!client) return client.error();
  if (!*client) return no_client();
  auto event = event_now(AuditEventType::ApiClientDeleted, actor);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  record.detail = (*client)->name + ", client " + (*client)->id;
  const auto claimed = ports_.clients.remove_api_client((*client)->id, record);
  if (!claimed) return claimed.error();
  if (*claimed == Claim::Lost) return no_client();
  ports_.audit.written(record);
  return Done{};
}

Result<std::optional<ApiClient>> ApiAccess::find(std::string_view id) {
  if (!is_client_id(id)) return std::optional<ApiClient>();
  return ports_.clients.api_client(id);
}

Result<std::optional<ApiClient>> ApiAccess::authenticate(std::string_view id,
                                                         std::string_view secret) {
  // Nobody's id is looked for too: whether a client exists is not to be told by the time.
  auto found = ports_.clients.api_client(id);
  if (!found) return found.error();
  const auto shown = sha256_of(secret);
  const auto wanted = *found && (*found)->public_key.empty() ? (*found)->secret : Sha256Digest{};
  if (!equal_in_constant_time(shown, wanted)) return std::optional<ApiClient>();
  return found;
}

Result<Claim> ApiAccess::claim_assertion(const ApiClient& client,
                                         std::string_view jti,
                                         WallTime expires) {
  return ports_.clients.claim_assertion(client.id, sha256_of(jti), expires);
}

Result<IssuedToken> ApiAccess::issue(const ApiClient& client,
                                     const std::vector<std::string>& wanted,
                                     std::string_view source) {
  auto event = event_now(AuditEventType::TokenIssued, "client " + client.id);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  auto text = random_token(TokenKind::Access);
  const AccessToken token{
      .hash = sha256_of(text.text()),
      .client = client.id,
      .scopes = wanted.empty() ? client.scopes : client.scopes & ScopeSet(wanted),
      .created = record.time,
      .expires = record.time + client.token_lifetime};
  record.source = std::string(source);
  record.detail = client.name + ", token " + token_name(token.hash);
  const auto added = ports_.clients.add_access_token(token, record);
  if (!added) return added.error();
  if (*added == Claim::Lost) return no_client();
  ports_.audit.written(record);
  return IssuedToken{
      .token = std::move(text), .scopes = token.scopes, .lifetime = client.token_lifetime};
}

bool ApiAccess::is_welcome(const ApiClient& client, std::string_view source) {
  if (client.networks.empty()) return true;
  const auto address = parse_address(source);
  return address &&
         std::any_of(
             client.networks.begin(), client.networks.end(), [&address](const std::string& text) {
               const auto network = Network::parse(text);
               return network && network->contains(*address);
             });
}

Result<std::optional<Bearer>> ApiAccess::bearer_of(std::string_view token,
                                                   std::string_view source) {
  const auto hash = token_hash(TokenKind::Access, token);
  if (!hash) return std::optional<Bearer>();
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  auto found = ports_.clients.access_token(*hash);
  if (!found) return found.error();
  if (!*found || (*found)->token.expires <= now->wall || now->wall < (*found)->token.created ||
      !is_welcome((*found)->client, source)) {
    return std::optional<Bearer>();
  }
  // What was taken from the client since is taken from its tokens too.
  auto& client = (*found)->client;
  return std::optional(Bearer{.client = std::move(client.id),
                              .token = token_name(*hash),
                              .scopes = client.scopes & (*found)->token.scopes,
                              .users = std::move(client.users)});
}

Status ApiAccess::revoke(std::string_view token, const ApiClient& client, std::string_view source) {
  const auto hash = token_hash(TokenKind::Access, token);
  if (!hash) return Done{};
  auto event = event_now(AuditEventType::TokenRevoked, "client " + client.id);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  record.source = std::string(source);
  record.detail = client.name + ", token " + token_name(*hash);
  const auto claimed = ports_.clients.revoke_access_token(*hash, client.id, record);
  if (!claimed) return claimed.error();
  if (*claimed == Claim::Won) ports_.audit.written(record);
  return Done{};
}

}  // namespace twinlock
