// SPDX-License-Identifier: MIT
#include "daemon/http/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include "daemon/http/source.h"

namespace twinlock::http {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kWakeId = 0;         // of the eventfd; listeners are 1, 2, …
constexpr std::uint64_t kFirstId = 1 << 16;  // of a connection
constexpr int kEventsAtOnce = 128;
constexpr int kAcceptsAtOnce = 64;  // then the others have their turn
constexpr milliseconds kLookEvery{100};
constexpr milliseconds kRoundEvery{1000};
constexpr milliseconds kBackOff{100};
constexpr std::chrono::minutes kComplainEvery{1};
constexpr milliseconds kEndTime{5000};

bool control(int epoll, int operation, int descriptor, std::uint32_t events, std::uint64_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return epoll_ctl(epoll, operation, descriptor, &event) == 0;
}

// S142: what goes wrong with one connection ends it and no other.
template <typename Ask>
Connection::Need or_over(Ask ask) {
  try {
    return ask();
  } catch (const std::exception&) {
    return {0, true};
  }
}

}  // namespace

EventLoop::EventLoop(const LoopParts& parts, std::size_t number)
    : parts_(parts),
      number_(number),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      next_id_(kFirstId) {
  if (epoll_.get() < 0 || !control(epoll_.get(), EPOLL_CTL_ADD, event_.get(), EPOLLIN, kWakeId)) {
    throw std::runtime_error("no event loop: out of descriptors");
  }
}

void EventLoop::signal() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(event_.get(), &one, sizeof(one));
}

void EventLoop::stop() {
  stopping_ = true;
  signal();
}

void EventLoop::wake(const std::shared_ptr<Connection>& connection) {
  bool is_first = false;
  {
    const std::scoped_lock lock(mutex_);
    is_first = woken_.empty();
    woken_.push_back(connection);
  }
  if (is_first) signal();
}

std::string EventLoop::refusal(const std::string& target,
                               const RequestGuard::Refusal& why,
                               bool is_tls) {
  return library_.write(Method::Get, parts_.dispatcher.refuse(target, why, is_tls), false);
}

std::string EventLoop::request_id() {
  return parts_.id_prefix + "-" + std::to_string(number_) + "-" + std::to_string(++requests_);
}

// EPOLLEXCLUSIVE: one loop wakes for a new client, not all.
void EventLoop::listen(bool on) {
  if (on == is_listening_) return;
  is_listening_ = on;
  for (std::size_t i = 0; i < parts_.listeners.size(); ++i) {
    const int descriptor = parts_.listeners[i]->descriptor();
    control(epoll_.get(),
            on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
            descriptor,
            EPOLLIN | EPOLLEXCLUSIVE,
            kWakeId + 1 + i);
  }
}

void EventLoop::run() {
  listen(true);
  std::array<epoll_event, kEventsAtOnce> events{};
  while (!is_ending_ || !connections_.empty()) {
    auto wait = connections_.empty() && is_listening_ ? kRoundEvery : kLookEvery;
    if (parts_.queue.has_waiting()) wait = kNudgeEvery;
    const int count =
        epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, static_cast<int>(wait.count()));
    rounds_.fetch_add(1, std::memory_order_relaxed);
    const auto now = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const auto& event = events.at(static_cast<std::size_t>(i));
      dispatch(event.data.u64, event.events, now);
    }
    if (parts_.queue.has_waiting()) parts_.queue.nudge(now);
    if (now >= next_look_) look_at_deadlines(now);
    if (stopping_ && !is_ending_) begin_to_end(now);
    if (is_ending_ && now >= ends_by_) connections_.clear();
  }
}

void EventLoop::dispatch(std::uint64_t id, std::uint32_t events, Moment now) {
  if (id == kWakeId) return take_woken(now);
  if (id < kFirstId) return accept_from(*parts_.listeners[id - kWakeId - 1], now);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;  // it ended earlier in this round
  const auto connection = found->second.connection;
  settle(id,
         or_over([&] { return connection->ready(now, (events & (EPOLLERR | EPOLLHUP)) != 0); }));
}

void EventLoop::take_woken(Moment now) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(event_.get(), &count, sizeof(count));
  std::vector<std::shared_ptr<Connection>> woken;
  {
    const std::scoped_lock lock(mutex_);
    woken.swap(woken_);
  }
  for (const auto& connection : woken) dispatch(connection->id(), 0, now);
}

void EventLoop::accept_from(const Listener& listener, Moment now) {
  for (int i = 0; i < kAcceptsAtOnce && is_listening_; ++i) {
    auto accepted = listener.accept();
    switch (accepted.outcome) {
      case Listener::Outcome::Accepted:
        try {
          add(listener, std::move(accepted), now);
        } catch (const std::bad_alloc&) {  // S142
          return back_off(now);
        }
        break;
      case Listener::Outcome::Nothing:
        return;
      case Listener::Outcome::Exhausted:
        return back_off(now);
    }
  }
}

// S142: whoever waits goes on waiting; to ask again at once would be a busy loop.
void EventLoop::back_off(Moment now) {
  listen(false);
  listens_again_ = now + kBackOff;
  if (complained_ && now - *complained_ < kComplainEvery) return;
  complained_ = now;
  parts_.log.problem(Severity::Warning, "http", "no descriptors left for new connections");
}

void EventLoop::add(const Listener& listener, Listener::Accepted accepted, Moment now) {
  auto place =
      parts_.admission.enter(parts_.is_proxy(accepted.peer) ? "" : source_of(accepted.peer));
  if (place.verdict() == Admission::Verdict::Dropped) {
    close(accepted.descriptor);
    return;
  }
  auto channel = std::make_unique<Channel>(accepted.descriptor, parts_.identity.context());
  const auto id = next_id_++;
  auto connection = std::make_shared<Connection>(
      std::move(channel),
      Connection::Ends{id, std::move(accepted.peer), listener.address()},
      std::move(place),
      static_cast<ConnectionHost&>(*this),
      now);
  const int descriptor = connection->descriptor();
  if (!control(epoll_.get(), EPOLL_CTL_ADD, descriptor, EPOLLIN, id)) return;
  connections_.emplace(id, Entry{connection, EPOLLIN});
  settle(id, connection->ready(now, false));
}

// Registers for what the connection waits for, where that has changed.
void EventLoop::settle(std::uint64_t id, const Connection::Need& need) {
  const auto found = connections_.find(id);
  auto& [connection, events] = found->second;
  if (need.is_over) {
    // A worker may still have it; its descriptor is closed when both have let go.
    control(epoll_.get(), EPOLL_CTL_DEL, connection->descriptor(), 0, id);
    connections_.erase(found);
  } else if (need.events != events) {
    control(epoll_.get(), EPOLL_CTL_MOD, connection->descriptor(), need.events, id);
    events = need.events;
  }
}

void EventLoop::look_at_deadlines(Moment now) {
  next_look_ = now + kLookEvery;
  if (number_ == 0 && now >= next_minute_) {
    next_minute_ = now + std::chrono::minutes(1);
    parts_.each_minute();
  }
  if (!is_ending_ && now >= listens_again_) listen(true);
  std::vector<std::pair<std::uint64_t, Connection::Need>> needs;
  needs.reserve(connections_.size());
  for (const auto& [id, entry] : connections_) {
    needs.emplace_back(id, or_over([&] { return entry.connection->expire(now); }));
  }
  for (const auto& [id, need] : needs) settle(id, need);
}

void EventLoop::begin_to_end(Moment now) {
  is_ending_ = true;
  ends_by_ = now + kEndTime;
  listen(false);
  std::vector<std::pair<std::uint64_t, Connection::Need>> needs;
  for (const auto& [id, entry] : connections_) {
    needs.emplace_back(id, or_over([&] { return entry.connection->end_soon(); }));
  }
  for (const auto& [id, need] : needs) settle(id, need);
}

}  // namespace twinlock::http
