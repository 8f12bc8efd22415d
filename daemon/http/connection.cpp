// SPDX-License-Identifier: MIT
#include "daemon/http/connection.h"

#include <sys/epoll.h>

#include <utility>

#include "daemon/http/limits.h"

namespace twinlock::http {
namespace {

// What may wait behind a request that is being answered.
constexpr std::size_t kMaxReadAhead = 16 * 1024;
constexpr const char* kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(std::unique_ptr<Channel> channel,
                       Ends ends,
                       Admission::Place place,
                       ConnectionHost& host,
                       Moment now)
    : channel_(std::move(channel)),
      ends_(std::move(ends)),
      place_(std::move(place)),
      host_(host),
      deadline_(now + kHandshakeTime),
      guard_([this](Method method, const std::vector<std::string>& segments) {
        return body_limit(method, segments);
      }) {}

// Long bodies share a bound: nobody has said yet who sends them.
std::size_t Connection::body_limit(Method method, const std::vector<std::string>& segments) {
  const auto limit = host_.body_limit(method, segments);
  if (limit <= kMaxBody) return limit;
  bulk_ = host_.enter_bulk();
  return bulk_ ? limit : kMaxBody;
}

Connection::Need Connection::need() const {
  switch (state_) {
    case State::Handshake:
    case State::Reading:
      return {wants_write_ ? EPOLLOUT : EPOLLIN};
    case State::Handling:
      return {peer_ended_ || input_.size() >= kMaxReadAhead ? 0U : EPOLLIN};
    case State::Writing:
      return {wants_read_ ? EPOLLIN : EPOLLOUT};
    case State::Lingering:
      return {EPOLLIN};
    case State::Over:
      break;
  }
  return {0, true};
}

Connection::Need Connection::ready(Moment now, bool is_lost) {
  const std::scoped_lock lock(mutex_);
  // Nothing else would find out while an answer is awaited, and epoll would go on saying so.
  if (is_lost && state_ == State::Handling) state_ = State::Over;
  drive(now);
  return need();
}

Connection::Need Connection::expire(Moment now) {
  const std::scoped_lock lock(mutex_);
  if (now < deadline_) return need();
  switch (state_) {
    case State::Reading:
      if (guard_.has_begun()) {
        refuse(now, {408});
      } else {
        channel_->end_output();
        state_ = State::Over;
      }
      break;
    case State::Handling:
      refuse(now, {503});
      break;
    case State::Handshake:
    case State::Writing:
    case State::Lingering:
    case State::Over:
      state_ = State::Over;
      break;
  }
  if (state_ == State::Writing) drive(now);
  return need();
}

Connection::Need Connection::end_soon() {
  const std::scoped_lock lock(mutex_);
  is_ending_ = true;
  const bool is_idle = state_ == State::Reading && !guard_.has_begun();
  if (is_idle) channel_->end_output();
  if (is_idle || state_ == State::Handshake || state_ == State::Lingering) state_ = State::Over;
  if (state_ == State::Writing && next_ == Next::Keep) next_ = Next::Close;
  return need();
}

void Connection::drive(Moment now) {
  bool goes_on = true;
  while (goes_on) {
    switch (state_) {
      case State::Handshake:
        goes_on = shake(now);
        break;
      case State::Reading:
        goes_on = read(now);
        break;
      case State::Handling:
        read_ahead();
        return;
      case State::Writing:
        goes_on = flush(now);
        break;
      case State::Lingering:
        goes_on = discard();
        break;
      case State::Over:
        return;
    }
  }
}

bool Connection::shake(Moment now) {
  const auto progress = channel_->handshake();
  wants_write_ = progress == Channel::Progress::WantsWrite;
  switch (progress) {
    case Channel::Progress::Done:
      if (place_.verdict() == Admission::Verdict::Served) {
        await_request(now);
      } else {
        refuse(now, {503});
      }
      return true;
    case Channel::Progress::WantsRead:
    case Channel::Progress::WantsWrite:
      return false;
    case Channel::Progress::Ended:
    case Channel::Progress::Failed:
      break;
  }
  state_ = State::Over;
  return false;
}

void Connection::await_request(Moment now) {
  bulk_.reset();
  state_ = State::Reading;
  phase_ = RequestGuard::State::Head;
  has_begun_ = false;
  deadline_ = now + kIdleTime;
}

// Gives the guard what there is; what it leaves belongs to the next request.
void Connection::feed(std::string_view bytes) {
  const auto taken = guard_.take(bytes);
  if (taken < bytes.size()) input_.assign(bytes.substr(taken));
}

bool Connection::read(Moment now) {
  if (!input_.empty()) {
    const auto waiting = std::exchange(input_, {});
    feed(waiting);
    return judge(now);
  }
  const auto buffer = host_.buffer();
  const auto [progress, bytes] = channel_->read(buffer);
  wants_write_ = progress == Channel::Progress::WantsWrite;
  switch (progress) {
    case Channel::Progress::Done:
      break;
    case Channel::Progress::WantsRead:
    case Channel::Progress::WantsWrite:
      return false;
    case Channel::Progress::Ended:
    case Channel::Progress::Failed:
      state_ = State::Over;
      return false;
  }
  feed({buffer.data(), bytes});
  // A buffer that isn't full has emptied the socket; the next look would only say so.
  return judge(now) && (state_ != State::Reading || channel_->is_tls() || bytes == buffer.size());
}

// What has become of the request, and whether there is more to do at once.
bool Connection::judge(Moment now) {
  switch (guard_.state()) {
    case RequestGuard::State::Complete:
      begin_request(now);
      return state_ == State::Writing;  // refused; else there is nothing to do until the answer
    case RequestGuard::State::Refused:
      refuse(now, guard_.refusal());
      return true;
    case RequestGuard::State::Head:
      if (!std::exchange(has_begun_, true)) deadline_ = now + kHeadTime;
      return true;
    case RequestGuard::State::Body:
      break;
  }
  if (std::exchange(phase_, RequestGuard::State::Body) == RequestGuard::State::Head) {
    deadline_ = now + kBodyTime;
  }
  if (guard_.take_expectation()) {
    // 25 bytes that a socket without room for them isn't worth waiting for.
    const std::string_view interim(kContinue);
    if (channel_->write(interim).bytes != interim.size()) state_ = State::Over;
  }
  return state_ != State::Over;
}

void Connection::begin_request(Moment now) {
  auto [request, keep_alive] = guard_.take_request();
  request.client = ends_.peer;
  request.is_tls = channel_->is_tls();
  request.id = host_.request_id();
  ++serial_;
  const bool keeps = keep_alive && !is_ending_ && serial_ < kRequestsPerConnection;
  state_ = State::Handling;
  deadline_ = now + kHandlerTime;
  if (!host_.submit({shared_from_this(), serial_, std::move(request), keeps})) refuse(now, {503});
}

// While a request is answered: what is pipelined, within bounds, and whether the peer has gone.
void Connection::read_ahead() {
  while (!peer_ended_ && input_.size() < kMaxReadAhead) {
    const auto buffer = host_.buffer();
    const auto [progress, bytes] = channel_->read(buffer);
    if (progress == Channel::Progress::Done) {
      input_.append(buffer.data(), bytes);
    } else if (progress == Channel::Progress::Failed) {
      state_ = State::Over;
      return;
    } else if (progress == Channel::Progress::Ended) {
      peer_ended_ = true;  // of its sending; it may well read
    } else {
      return;
    }
  }
}

void Connection::refuse(Moment now, const RequestGuard::Refusal& why) {
  write(now, host_.refusal(guard_.target(), why, channel_->is_tls()), Next::Linger);
}

void Connection::write(Moment now, std::string bytes, Next next) {
  output_ = std::move(bytes);
  sent_ = 0;
  next_ = next;
  state_ = State::Writing;
  deadline_ = now + kWriteTime;
}

bool Connection::flush(Moment now) {
  while (sent_ < output_.size()) {
    const auto [progress, bytes] = channel_->write(std::string_view(output_).substr(sent_));
    wants_read_ = progress == Channel::Progress::WantsRead;
    switch (progress) {
      case Channel::Progress::Done:
        sent_ += bytes;
        break;
      case Channel::Progress::WantsRead:
      case Channel::Progress::WantsWrite:
        return false;
      case Channel::Progress::Ended:
      case Channel::Progress::Failed:
        state_ = State::Over;
        return false;
    }
  }
  finish_write(now);
  return state_ != State::Over;
}

void Connection::finish_write(Moment now) {
  output_ = {};
  if (next_ == Next::Keep) return await_request(now);
  channel_->end_output();
  // Closing on bytes that nobody read would reset the connection, and the client might lose the
  // answer that it is about to read (RFC 9112 §9.6).
  const bool is_clean = next_ == Next::Close && input_.empty() && !channel_->has_pending();
  state_ = is_clean ? State::Over : State::Lingering;
  deadline_ = now + kLingerTime;
}

bool Connection::discard() {
  switch (channel_->discard(host_.buffer())) {
    case Channel::Progress::Done:
      return true;
    case Channel::Progress::WantsRead:
    case Channel::Progress::WantsWrite:
      return false;
    case Channel::Progress::Ended:
    case Channel::Progress::Failed:
      break;
  }
  state_ = State::Over;
  return false;
}

bool Connection::begin_answer(std::uint64_t serial) {
  const std::scoped_lock lock(mutex_);
  if (state_ != State::Handling || serial != serial_) return false;
  deadline_ = std::chrono::steady_clock::now() + kHandlerTime;
  return true;
}

void Connection::answer(std::uint64_t serial, std::string bytes, bool keep_alive) {
  const auto now = std::chrono::steady_clock::now();
  bool needs_loop = false;
  {
    const std::scoped_lock lock(mutex_);
    if (state_ != State::Handling || serial != serial_) return;  // it took too long
    write(now, std::move(bytes), keep_alive && !is_ending_ ? Next::Keep : Next::Close);
    static_cast<void>(flush(now));
    // The loop waits for bytes to come already; all else it has to be told.
    needs_loop = state_ != State::Reading || peer_ended_ || !input_.empty() || is_ending_ ||
                 channel_->has_pending();
  }
  if (needs_loop) host_.wake(shared_from_this());
}

}  // namespace twinlock::http
