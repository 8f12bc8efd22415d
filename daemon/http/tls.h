// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_TLS_H
#define TWINLOCK_DAEMON_HTTP_TLS_H

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/result.h"
#include "daemon/domain/instant.h"
#include "daemon/ports/event_log.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace twinlock::http {

// A certificate that is about to expire is warned about from here on (S51).
inline constexpr std::chrono::days kExpiryNotice{14};

// What the listener shows and how it speaks (S51): TLS 1.3, or 1.2 with ECDHE and AEAD; no
// compression, renegotiation or session tickets; our order of ciphers; http/1.1.
struct TlsContext {
  std::shared_ptr<ssl_ctx_st> context;  // shared with the connections that use it
  WallTime expires;                     // of the leaf
};

// Reads a chain (PEM, the leaf first) and its key (PEM, no passphrase). Unavailable if a file can't
// be read; InvalidInput, with what to do, if it isn't what it should be, if the two don't belong
// together, or if anyone but root and our own user could have read the key. A credential
// ($CREDENTIALS_DIRECTORY) may be readable to its group: systemd shows its access list as that.
[[nodiscard]] Result<TlsContext> load_tls(const std::string& certificate, const std::string& key);

// The context in use, and its replacement while connections live. Any thread.
class TlsIdentity {
 public:
  explicit TlsIdentity(EventLog& log) : log_(log) {}

  // Reads the files. If anything is wrong the old one stays in use, and the error says what.
  [[nodiscard]] Status load(const std::string& certificate,
                            const std::string& key,
                            std::optional<WallTime> now);

  // For a new connection; nothing before the first load().
  [[nodiscard]] std::shared_ptr<ssl_ctx_st> context() const;

  // Warns if the certificate expires soon, once a day. Call it as often as you like.
  void watch(WallTime now);

 private:
  EventLog& log_;
  mutable std::mutex mutex_;  // guards the rest
  TlsContext current_;
  std::optional<WallTime> warned_;
};

}  // namespace twinlock::http

#endif
