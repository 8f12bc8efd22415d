// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_CONNECTION_H
#define TWINLOCK_DAEMON_HTTP_CONNECTION_H

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "daemon/http/admission.h"
#include "daemon/http/channel.h"
#include "daemon/http/message.h"
#include "daemon/http/request_guard.h"
#include "daemon/http/settings.h"

namespace twinlock::http {

class Connection;

// A complete request on its way to a worker, and what its answer belongs to.
struct Job {
  std::shared_ptr<Connection> connection;
  std::uint64_t serial = 0;  // of the request on its connection
  Request request;
  bool keep_alive = false;
  bool is_search = false;  // its route has Cost::Search
  std::chrono::steady_clock::time_point submitted{};
};

// What a connection needs of the thread that reads and writes for it.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;

  // False: the queue is full.
  [[nodiscard]] virtual bool submit(Job job) = 0;
  // The bytes of a response that refuses and closes.
  [[nodiscard]] virtual std::string refusal(const std::string& target,
                                            const RequestGuard::Refusal& why,
                                            bool is_tls) = 0;
  [[nodiscard]] virtual std::size_t body_limit(Method method,
                                               const std::vector<std::string>& segments) = 0;
  // As Admission::enter_bulk().
  [[nodiscard]] virtual std::shared_ptr<void> enter_bulk() = 0;
  [[nodiscard]] virtual std::string request_id() = 0;
  // Room for one read; on the loop's thread only.
  [[nodiscard]] virtual std::span<char> buffer() = 0;
  // Has the loop call ready(). Any thread.
  virtual void wake(const std::shared_ptr<Connection>& connection) = 0;
};

// One client from handshake to end. Never blocks; every wait has a deadline on the monotonic clock
// that nothing the client sends moves (S53).
//
//   Handshake ─► Reading ─► Handling ─► Writing ─► Reading …
//       │           │           │          └────► Lingering ─► Over
//       └───────────┴───────────┴── refused, or out of time
//
// A loop's thread calls it for events; a worker hands in the answer and, where the socket takes it,
// has sent it: the loop isn't woken for that. Both are under one lock, held for no longer than a
// call of the kernel that doesn't wait.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  struct Ends {
    std::uint64_t id = 0;    // the loop's
    std::string peer;        // address literal
    ListenAddress listener;  // that it came in by
  };
  // What it waits for: EPOLLIN, EPOLLOUT, neither (an answer), or nothing any more.
  struct Need {
    std::uint32_t events = 0;
    bool is_over = false;
  };

  Connection(std::unique_ptr<Channel> channel,
             Ends ends,
             Admission::Place place,
             ConnectionHost& host,
             Moment now);

  // The loop's: the socket may be ready, or it was woken. `is_lost`: both directions have ended.
  [[nodiscard]] Need ready(Moment now, bool is_lost);
  // The loop's: acts on a deadline that has passed, if one has.
  [[nodiscard]] Need expire(Moment now);
  // The loop's: the daemon ends. What is being answered is still answered.
  [[nodiscard]] Need end_soon();

  // A worker's, before it does anything for a Job: whether somebody still waits for the answer. Who
  // was told 503 meanwhile was told that nothing has happened.
  [[nodiscard]] bool begin_answer(std::uint64_t serial);
  // A worker's, once for each Job that was begun: the bytes to send. Nothing happens if they come
  // too late.
  void answer(std::uint64_t serial, std::string bytes, bool keep_alive);

  [[nodiscard]] std::uint64_t id() const { return ends_.id; }
  [[nodiscard]] const ListenAddress& listener() const { return ends_.listener; }
  [[nodiscard]] int descriptor() const { return channel_->descriptor(); }

 private:
  enum class State { Handshake, Reading, Handling, Writing, Lingering, Over };
  enum class Next { Keep, Close, Linger };  // once everything is written

  [[nodiscard]] std::size_t body_limit(Method method, const std::vector<std::string>& segments);
  void drive(Moment now);
  [[nodiscard]] bool shake(Moment now);
  [[nodiscard]] bool read(Moment now);
  [[nodiscard]] bool judge(Moment now);
  void read_ahead();
  [[nodiscard]] bool flush(Moment now);
  [[nodiscard]] bool discard();
  void feed(std::string_view bytes);
  void begin_request(Moment now);
  void refuse(Moment now, const RequestGuard::Refusal& why);
  void write(Moment now, std::string bytes, Next next);
  void finish_write(Moment now);
  void await_request(Moment now);
  [[nodiscard]] Need need() const;

  const std::unique_ptr<Channel> channel_;
  const Ends ends_;
  const Admission::Place place_;
  ConnectionHost& host_;

  std::mutex mutex_;  // guards the rest, and the channel
  State state_ = State::Handshake;
  Moment deadline_;
  RequestGuard guard_;
  std::shared_ptr<void> bulk_;  // the place of a long body, until it is answered
  RequestGuard::State phase_ = RequestGuard::State::Head;  // that deadline_ is about
  bool has_begun_ = false;                                 // the deadline of the head runs
  std::string input_;  // read, and not yet taken by the guard: what is pipelined
  bool peer_ended_ = false;
  bool wants_write_ = false;  // TLS has to write before it can go on
  bool wants_read_ = false;   // TLS has to read before it can go on writing
  std::uint64_t serial_ = 0;
  bool is_ending_ = false;
  std::string output_;
  std::size_t sent_ = 0;  // of output_
  Next next_ = Next::Close;
};

}  // namespace twinlock::http

#endif
