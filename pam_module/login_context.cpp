// SPDX-License-Identifier: MIT
#include "pam_module/login_context.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/encoding.h"
#include "common/login_wire.h"

namespace twinlock::pam {
namespace {

std::string_view item(pam_handle_t* pamh, int type) {
  const void* value = nullptr;  // stays so when libpam refuses
  static_cast<void>(pam_get_item(pamh, type, &value));
  return value == nullptr ? std::string_view{} : static_cast<const char*>(value);
}

std::string_view variable(pam_handle_t* pamh, const char* name) {
  const char* const value = pam_getenv(pamh, name);
  return value == nullptr ? std::string_view{} : value;
}

bool travels(std::string_view text, std::size_t max_bytes) {
  return !text.empty() && text.size() <= max_bytes && is_utf8(text);
}

// The address in its one canonical spelling, or empty.
std::string address_literal(std::string_view text) {
  const std::string terminated(text);
  std::array<unsigned char, sizeof(in6_addr)> address{};
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, terminated.c_str(), address.data()) != 1) continue;
    const char* const spelled =
        inet_ntop(family, address.data(), canonical.data(), canonical.size());
    return spelled == nullptr ? std::string{} : spelled;
  }
  return {};
}

std::string locale(pam_handle_t* pamh) {
  for (const char* const name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {  // POSIX, chapter 8.2
    const auto value = variable(pamh, name);
    if (!value.empty()) return printable(value, wire::kMaxLocale);
  }
  return {};
}

bool can_ask(pam_handle_t* pamh) {
  const void* value = nullptr;
  static_cast<void>(pam_get_item(pamh, PAM_CONV, &value));
  return value != nullptr && static_cast<const pam_conv*>(value)->conv != nullptr;
}

}  // namespace

std::string_view current_user(pam_handle_t* pamh) { return item(pamh, PAM_USER); }

std::string source_address(std::string_view service,
                           std::string_view ssh_connection,
                           std::string_view rhost) {
  if (service != "sshd") return {};
  auto source = address_literal(ssh_connection.substr(0, ssh_connection.find(' ')));
  return source.empty() ? address_literal(rhost) : source;
}

bool is_local_terminal(std::string_view service,
                       std::string_view tty,
                       std::string_view rhost,
                       std::string_view ssh_connection) {
  if (service == "sshd" || !rhost.empty() || !ssh_connection.empty()) return false;
  if (tty.starts_with("/dev/")) tty.remove_prefix(5);
  if (tty == "console") return true;
  if (!tty.starts_with("tty") || tty.size() == 3) return false;
  tty.remove_prefix(3);
  return std::all_of(tty.begin(), tty.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<LoginContext> read_login_context(pam_handle_t* pamh) {
  const auto user = current_user(pamh);
  const auto service = item(pamh, PAM_SERVICE);
  if (!travels(user, wire::kMaxUser)) {
    return Error{ErrorCode::InvalidInput, "the user name is missing, too long or not UTF-8"};
  }
  if (!travels(service, wire::kMaxService)) {
    return Error{ErrorCode::InvalidInput, "the service name is missing, too long or not UTF-8"};
  }

  const auto rhost = item(pamh, PAM_RHOST);
  const auto tty = item(pamh, PAM_TTY);
  const auto ssh_connection = variable(pamh, "SSH_CONNECTION");
  LoginContext context;
  context.user = user;
  context.service = service;
  context.source = source_address(service, ssh_connection, rhost);
  context.rhost = printable(rhost, wire::kMaxRemoteHost);
  context.tty = printable(tty, wire::kMaxTerminal);
  context.ruser = printable(item(pamh, PAM_RUSER), wire::kMaxUser);
  context.locale = locale(pamh);
  if (can_ask(pamh)) context.capabilities |= wire::kInteractive;
  if (is_local_terminal(service, tty, rhost, ssh_connection)) {
    context.capabilities |= wire::kLocalTerminal;
  }
  return context;
}

}  // namespace twinlock::pam
