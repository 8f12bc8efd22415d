// SPDX-License-Identifier: MIT
#include "pam_module/bus_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "common/encoding.h"

namespace twinlock::pam {
namespace {

constexpr std::string_view kAccepted = "OK ";  // and the id of the bus
constexpr std::string_view kEndOfLine = "\r\n";
constexpr std::size_t kMaxLine = 256;

// Whether this is over in a moment: the bus restarts, or its queue of new connections is full.
bool is_passing(int error) {
  return error == ECONNRESET || error == ENOTCONN || error == EPIPE || error == EAGAIN;
}

// 0, or the error. A path that is too long for a socket's name is one that isn't there.
int connect_to(int fd, std::string_view path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof name.sun_path) return ENOENT;
  std::copy(path.begin(), path.end(), name.sun_path);
  return connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 ? 0 : errno;
}

}  // namespace

BusConnection::BusConnection(const std::string& address) : BusConnection() {
  fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) fail_with_errno("no socket");
  const int error = connect_to(fd_, std::string_view{address}.substr(kBusAddress.size() - 1));
  const auto code = is_passing(error) ? ErrorCode::Unavailable : ErrorCode::NotFound;
  if (error != 0) fail(code, "no message bus at " + address + ": " + strerrordesc_np(error));
  // A NUL for the credentials, then who we say we are: the uid's digits, in hexadecimal.
  const auto uid = std::to_string(geteuid());
  put(bytes_of(std::string(1, '\0') + "AUTH EXTERNAL " + hex_encode(bytes_of(uid)) +
               "\r\nBEGIN\r\n"));
  MethodCall hello({kBusItself, "/org/freedesktop/DBus", kBusItself, "Hello"});
  post(hello);
}

BusConnection::~BusConnection() {
  if (fd_ >= 0) close(fd_);
}

std::string BusConnection::greet(TimePoint deadline) {
  flush(deadline);
  const auto line = next_line(deadline);
  if (!line.starts_with(kAccepted)) {
    fail(ErrorCode::Internal, "the message bus does not let this program in");
  }
  if (!await(1, kBusItself, deadline).error_name.empty()) {
    fail(ErrorCode::Internal, "the message bus greets with an error");
  }
  return failure_ ? std::string() : line.substr(kAccepted.size());
}

std::uint32_t BusConnection::post(MethodCall& call) {
  const auto bytes = call.sealed(++last_serial_);
  if (bytes.empty()) fail(ErrorCode::Internal, "the call can't be put into a message");
  put(bytes);
  return last_serial_;
}

BusMessage BusConnection::await(std::uint32_t serial, std::string_view sender, TimePoint deadline) {
  flush(deadline);
  while (!failure_) {
    auto message = next_message(deadline);
    if (message.reply_serial != serial) continue;
    const bool is_error = message.type == bus_wire::Failure;
    if (message.sender == sender || (is_error && message.sender == kBusItself)) return message;
    fail(ErrorCode::Internal, "a reply came from somebody else");
  }
  return {};
}

void BusConnection::fail(ErrorCode code, const std::string& what) {
  if (!failure_) failure_ = Error{code, what};
}

void BusConnection::fail_with_errno(const char* what) {
  const int error = errno;
  fail(is_passing(error) ? ErrorCode::Unavailable : ErrorCode::Internal,
       std::string(what) + ": " + strerrordesc_np(error));
}

void BusConnection::put(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > output_.size() - unsent_) fail(ErrorCode::Internal, "too many calls at once");
  if (failure_) return;
  std::copy(bytes.begin(), bytes.end(), output_.bytes().data() + unsent_);
  unsent_ += bytes.size();
}

void BusConnection::flush(TimePoint deadline) {
  std::size_t sent = 0;
  while (!failure_ && sent < unsent_) {
    const auto size = send(fd_, output_.bytes().data() + sent, unsent_ - sent, MSG_NOSIGNAL);
    if (size >= 0) {
      sent += static_cast<std::size_t>(size);
    } else if (errno == EAGAIN) {
      wait(POLLOUT, deadline);
    } else if (errno != EINTR) {
      fail_with_errno("the message bus takes no call");
    }
  }
  unsent_ = 0;
}

// More of what the bus sends.
void BusConnection::receive(TimePoint deadline) {
  wait(POLLIN, deadline);
  if (failure_) return;
  std::array<std::uint8_t, 4096> chunk{};
  const auto size = recv(fd_, chunk.data(), chunk.size(), 0);
  const auto passed = std::min(to_pass_over_, static_cast<std::size_t>(std::max(size, ssize_t{0})));
  to_pass_over_ -= passed;
  if (size > 0) input_.insert(input_.end(), chunk.begin() + passed, chunk.begin() + size);
  if (size == 0) fail(ErrorCode::Unavailable, "the message bus hung up");
  if (size < 0 && errno != EAGAIN && errno != EINTR) fail_with_errno("the message bus is silent");
}

// Until there may be something to do.
void BusConnection::wait(short events, TimePoint deadline) {
  if (failure_) return;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd socket{fd_, events, 0};
  const auto limit = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  const int ready = poll(&socket, 1, limit);
  if (ready < 0 && errno != EINTR) fail_with_errno("waiting for the message bus");
  if (std::chrono::steady_clock::now() < deadline) return;
  fail(ErrorCode::Internal, "no answer came in time over the message bus");
}

std::string BusConnection::next_line(TimePoint deadline) {
  while (!failure_) {
    const auto end =
        std::search(input_.begin(), input_.end(), kEndOfLine.begin(), kEndOfLine.end());
    if (end != input_.end()) {
      std::string line(input_.begin(), end);
      input_.erase(input_.begin(), end + kEndOfLine.size());
      return line;
    }
    if (input_.size() > kMaxLine) fail(ErrorCode::Internal, "what listens there is no message bus");
    receive(deadline);
  }
  return {};
}

// The next reply. Anybody may send us signals, of any size and shape: they aren't even looked at.
BusMessage BusConnection::next_message(TimePoint deadline) {
  while (!failure_) {
    const bool has_header = input_.size() >= bus_wire::kFixedHeader;
    const auto size = has_header ? message_size(input_) : kMaxMessage;
    const auto here = std::min(size, input_.size());
    const std::uint8_t type = has_header ? input_[1] : std::uint8_t{bus_wire::Return};
    if (size != 0 && type != bus_wire::Return && type != bus_wire::Failure) {
      input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(here));
      to_pass_over_ = size - here;
    } else if (here < size && size <= kMaxMessage) {
      receive(deadline);
    } else if (auto reply = parse_reply(std::span(input_).first(here))) {
      input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(here));
      return *std::move(reply);
    } else {
      fail(ErrorCode::Internal, "the message bus sent what no login expects");
    }
  }
  return {};
}

}  // namespace twinlock::pam
