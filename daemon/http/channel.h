// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_CHANNEL_H
#define TWINLOCK_DAEMON_HTTP_CHANNEL_H

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace twinlock::http {

// A connected socket that never blocks, in the clear or under TLS. One thread at a time.
class Channel {
 public:
  enum class Progress {
    Done,
    WantsRead,   // again when the socket can be read
    WantsWrite,  // again when it can be written
    Ended,       // the peer sends nothing more
    Failed,
  };
  struct Transfer {
    Progress progress;
    std::size_t bytes = 0;  // of Done
  };

  // Takes the descriptor over. `context` is what a TLS listener shows; nothing for plain HTTP.
  Channel(int descriptor, const std::shared_ptr<ssl_ctx_st>& context);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  [[nodiscard]] Progress handshake();
  [[nodiscard]] Transfer read(std::span<char> buffer);
  [[nodiscard]] Transfer write(std::string_view bytes);

  // Says that nothing more will be sent; what the peer still sends can be discarded.
  void end_output();
  // Reads and forgets, without decrypting, once: Done while there may be more.
  [[nodiscard]] Progress discard(std::span<char> buffer);

  // Whether bytes have been taken from the socket that read() hasn't returned: nothing will say
  // that the socket can be read because of them.
  [[nodiscard]] bool has_pending() const;
  [[nodiscard]] bool is_tls() const { return ssl_ != nullptr; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  [[nodiscard]] Progress progress_of(int result) const;

  int descriptor_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  bool is_broken_ = false;  // TLS had an error: nothing more may be sent
};

}  // namespace twinlock::http

#endif
