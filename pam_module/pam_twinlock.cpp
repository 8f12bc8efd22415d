// SPDX-License-Identifier: MIT
//
// The entry points of the module. libpam may load it once and call it for many handles, so nothing
// outlives a call: no static, no pam_set_data (S15).
#include <security/pam_appl.h>
#include <security/pam_modules.h>

#include <cstddef>
#include <span>
#include <string>

#include "pam_module/boundary.h"
#include "pam_module/bus_login_service.h"
#include "pam_module/clock.h"
#include "pam_module/conversation.h"
#include "pam_module/log.h"
#include "pam_module/options.h"
#include "pam_module/user.h"

#ifdef TWINLOCK_COVERAGE
extern "C" void __gcov_dump();
extern "C" void __gcov_reset();
#endif

namespace twinlock::pam {
namespace {

using Arguments = std::span<const char* const>;

// libpam doesn't tell which file the line came from: the service's, or one that it includes.
int refuse_options(pam_handle_t* pamh, User& user, const Log& log, const Error& error) {
  const void* item = nullptr;
  static_cast<void>(pam_get_item(pamh, PAM_SERVICE, &item));
  const std::string service = item == nullptr ? "unknown" : static_cast<const char*>(item);
  log.error("every login is refused until this is mended",
            "/etc/pam.d/" + service + " (or a file it includes), service " + service +
                ": argument " + error.detail);
  static_cast<void>(user.show({{wire::MessageKind::Error, kUnavailable}}));
  return PAM_SERVICE_ERR;
}

int authenticate(pam_handle_t* pamh, int flags, Arguments arguments, Log& log) {
  SteadyClock clock;
  const auto started = clock.now();
  const auto options = parse_options(arguments);
  const bool silent = (static_cast<unsigned int>(flags) & PAM_SILENT) != 0;
  User user(pamh, options ? options->prompt : std::string(), silent);
  if (!options) return refuse_options(pamh, user, log, options.error());
  if (options->debug) log.enable_debug();

  const auto deadline = started + options->timeout;
  BusLoginService daemon(options->bus, deadline);
  return Conversation(pamh, daemon, user, log, {clock, deadline}).run();
}

// Coverage builds only: sshd's authenticating child ends by _exit(2), which would lose the counts.
int counted(int code) {
#ifdef TWINLOCK_COVERAGE
  __gcov_dump();
  __gcov_reset();
#endif
  return code;
}

}  // namespace
}  // namespace twinlock::pam

extern "C" {

__attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t* pamh,
                                                               int flags,
                                                               int argc,
                                                               const char** argv) {
  namespace pam = twinlock::pam;
  pam::Log log(pamh);
  const pam::Arguments arguments(argv, static_cast<std::size_t>(argc));
  return pam::counted(pam::within_boundary(log, [&log, pamh, flags, arguments] {
    return pam::authenticate(pamh, flags, arguments, log);
  }));
}

// There is nothing to set; a failure here would end a login that is through (S15).
__attribute__((visibility("default"))) int pam_sm_setcred(pam_handle_t* /*pamh*/,
                                                          int /*flags*/,
                                                          int /*argc*/,
                                                          const char** /*argv*/) {
  return twinlock::pam::counted(PAM_SUCCESS);
}

}  // extern "C"
