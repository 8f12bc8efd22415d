// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_EVENT_LOOP_H
#define TWINLOCK_DAEMON_HTTP_EVENT_LOOP_H

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/descriptor.h"
#include "daemon/http/admission.h"
#include "daemon/http/connection.h"
#include "daemon/http/dispatcher.h"
#include "daemon/http/library.h"
#include "daemon/http/listener.h"
#include "daemon/http/request_queue.h"
#include "daemon/http/tls.h"

namespace twinlock::http {

// What all loops share.
struct LoopParts {
  Dispatcher& dispatcher;
  RequestQueue& queue;
  Admission& admission;
  const TlsIdentity& identity;
  EventLog& log;
  const std::vector<std::unique_ptr<Listener>>& listeners;
  std::function<bool(const std::string& peer)> is_proxy;  // any thread
  std::function<void()> each_minute;  // called by the first loop; waits for nothing
  std::string id_prefix;              // of request ids: random, this process's
};

// One thread that accepts, shakes hands, reads and writes, and waits for nothing but events. A
// connection stays with the loop that accepted it.
class EventLoop final : public ConnectionHost {
 public:
  EventLoop(const LoopParts& parts, std::size_t number);

  // Until stop(); then ends what is idle, answers what is complete, and returns.
  void run();
  void stop();  // any thread

  // How often it has come round; at least once a second. Any thread.
  [[nodiscard]] std::uint64_t rounds() const { return rounds_.load(std::memory_order_relaxed); }

  bool submit(Job job) override { return parts_.queue.submit(std::move(job)); }
  std::string refusal(const std::string& target,
                      const RequestGuard::Refusal& why,
                      bool is_tls) override;
  std::size_t body_limit(Method method, const std::vector<std::string>& segments) override {
    return parts_.dispatcher.body_limit(method, segments);
  }
  std::shared_ptr<void> enter_bulk() override { return parts_.admission.enter_bulk(); }
  std::string request_id() override;
  std::span<char> buffer() override { return buffer_; }
  void wake(const std::shared_ptr<Connection>& connection) override;

 private:
  using Moment = Connection::Moment;

  struct Entry {
    std::shared_ptr<Connection> connection;
    std::uint32_t events = 0;  // registered
  };

  void listen(bool on);
  void dispatch(std::uint64_t id, std::uint32_t events, Moment now);
  void accept_from(const Listener& listener, Moment now);
  void add(const Listener& listener, Listener::Accepted accepted, Moment now);
  void back_off(Moment now);
  void settle(std::uint64_t id, const Connection::Need& need);
  void take_woken(Moment now);
  void look_at_deadlines(Moment now);
  void begin_to_end(Moment now);
  void signal() const;

  const LoopParts parts_;
  const std::size_t number_;
  const Descriptor epoll_;
  const Descriptor event_;
  Library library_;
  std::array<char, 16384> buffer_{};  // as much as a TLS record holds
  std::unordered_map<std::uint64_t, Entry> connections_;
  std::uint64_t next_id_;
  std::uint64_t requests_ = 0;
  Moment next_look_{};
  Moment next_minute_{};
  Moment listens_again_{};  // after a lack of descriptors; else the past
  bool is_listening_ = false;
  std::optional<Moment> complained_;
  Moment ends_by_{};
  bool is_ending_ = false;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> rounds_{0};

  std::mutex mutex_;  // guards woken_
  std::vector<std::shared_ptr<Connection>> woken_;
};

}  // namespace twinlock::http

#endif
