// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_SERVER_H
#define TWINLOCK_DAEMON_HTTP_SERVER_H

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "common/descriptor.h"
#include "common/result.h"
#include "daemon/http/admission.h"
#include "daemon/http/dispatcher.h"
#include "daemon/http/event_loop.h"
#include "daemon/http/listener.h"
#include "daemon/http/request_queue.h"
#include "daemon/http/router.h"
#include "daemon/http/settings.h"
#include "daemon/http/tls.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/event_log.h"
#include "daemon/ports/random_source.h"

namespace twinlock::http {

// The daemon on the network: REST and pages, over HTTPS, or plain HTTP on loopback (S52).
//
//   loops (2) ── accept, TLS, read, write; wait for nothing but events
//     └─► queue (64) ─► workers (grown to 16) ── one request each, from dispatcher to bytes
class Server {
 public:
  struct Ports {
    Clock& clock;
    EventLog& log;
    RandomSource& random;
  };

  // `access` admits callers of routes that need a token; it may be missing if none does.
  Server(Router router, AccessCheck* access, const Ports& ports, ServerSettings settings);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // Reads certificate and key, and listens. Nothing has been answered yet. Unavailable or
  // InvalidInput, with file or address and what to do.
  [[nodiscard]] Status open();

  // Serves until stop(); then answers what is complete, and returns. Hears the name of whatever has
  // to end next, before that is waited for.
  void run(const std::function<void(const char* what)>& ending);

  // From any thread or signal handler; run() returns soon. Before run(), it will.
  void stop() const;

  // Takes new settings while it runs: names, proxies, origins, limits, and the certificate and key,
  // which are read again. Connections live on. If the new certificate is bad, the error says why,
  // and everything stays as it was (S147). Addresses need a restart.
  [[nodiscard]] Status configure(const ServerSettings& settings);

  // How often the slowest loop has come round; at least once a second while run() runs. For the
  // watchdog.
  [[nodiscard]] std::uint64_t rounds() const;

  // With their true ports, once open.
  [[nodiscard]] std::vector<ListenAddress> addresses() const;
  [[nodiscard]] const Router& router() const { return dispatcher_.router(); }

 private:
  [[nodiscard]] bool is_proxy(const std::string& peer);
  void watch_certificate();
  [[nodiscard]] Status load_identity(const ServerSettings& settings);
  [[nodiscard]] LoopParts parts();

  Ports ports_;
  std::mutex mutex_;  // guards settings_
  ServerSettings settings_;
  Dispatcher dispatcher_;
  Admission admission_;
  TlsIdentity identity_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  const Descriptor ending_;  // an eventfd that ends the wait of run()
  std::vector<std::unique_ptr<EventLoop>> loops_;
  RequestQueue queue_;  // after all that a worker uses, so that it ends before them
};

}  // namespace twinlock::http

#endif
