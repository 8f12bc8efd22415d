// SPDX-License-Identifier: MIT
#include "daemon/http/channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace twinlock::http {
namespace {

bool would_block(int code) { return code == EAGAIN || code == EWOULDBLOCK; }

}  // namespace

Channel::Channel(int descriptor, const std::shared_ptr<SSL_CTX>& context)
    : descriptor_(descriptor), ssl_(context ? SSL_new(context.get()) : nullptr, SSL_free) {
  if (!context) return;
  if (!ssl_ || SSL_set_fd(ssl_.get(), descriptor_) != 1) is_broken_ = true;
  if (ssl_) SSL_set_accept_state(ssl_.get());
  ERR_clear_error();
}

Channel::~Channel() { close(descriptor_); }

// What SSL_get_error(3) says of `result`; the thread's error queue was empty before the call.
Channel::Progress Channel::progress_of(int result) const {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Progress::WantsRead;
    case SSL_ERROR_WANT_WRITE:
      return Progress::WantsWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Progress::Ended;
    default:
      break;
  }
  ERR_clear_error();
  return Progress::Failed;
}

Channel::Progress Channel::handshake() {
  if (is_broken_) return Progress::Failed;
  if (!ssl_) return Progress::Done;
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return Progress::Done;
  const auto progress = progress_of(result);
  is_broken_ = progress == Progress::Failed;
  return progress;
}

Channel::Transfer Channel::read(std::span<char> buffer) {
  if (is_broken_) return {Progress::Failed};
  if (ssl_) {
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
    if (result == 1) return {Progress::Done, count};
    const auto progress = progress_of(result);
    is_broken_ = progress == Progress::Failed;
    return {progress};
  }
  const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count > 0) return {Progress::Done, static_cast<std::size_t>(count)};
  if (count == 0) return {Progress::Ended};
  return {would_block(errno) || errno == EINTR ? Progress::WantsRead : Progress::Failed};
}

Channel::Transfer Channel::write(std::string_view bytes) {
  if (is_broken_) return {Progress::Failed};
  if (ssl_) {
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    if (result == 1) return {Progress::Done, count};
    const auto progress = progress_of(result);
    is_broken_ = progress == Progress::Failed;
    return {progress};
  }
  const auto count = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return {Progress::Done, static_cast<std::size_t>(count)};
  return {would_block(errno) || errno == EINTR ? Progress::WantsWrite : Progress::Failed};
}

void Channel::end_output() {
  if (ssl_ && !is_broken_ && SSL_is_init_finished(ssl_.get()) == 1) {
    SSL_shutdown(ssl_.get());  // sends our close_notify; the peer's isn't waited for
    ERR_clear_error();
  }
  shutdown(descriptor_, SHUT_WR);
}

Channel::Progress Channel::discard(std::span<char> buffer) {
  const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count > 0) return Progress::Done;
  if (count == 0) return Progress::Ended;
  return would_block(errno) || errno == EINTR ? Progress::WantsRead : Progress::Failed;
}

bool Channel::has_pending() const { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }

}  // namespace twinlock::http
