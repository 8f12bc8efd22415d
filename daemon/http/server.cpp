// SPDX-License-Identifier: MIT
#include "daemon/http/server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "common/encoding.h"
#include "daemon/http/limits.h"
#include "daemon/http/source.h"

namespace twinlock::http {

Server::Server(Router router, AccessCheck* access, const Ports& ports, ServerSettings settings)
    : ports_(ports),
      settings_(std::move(settings)),
      dispatcher_(std::move(router), access, ports.clock, ports.log, settings_),
      admission_(settings_.connections, settings_.connections_per_source),
      identity_(ports.log),
      ending_(eventfd(0, EFD_CLOEXEC)),
      queue_(dispatcher_, settings_.queued_requests, kWorkers) {}

Server::~Server() = default;

Status Server::load_identity(const ServerSettings& settings) {
  if (!settings.has_tls()) return Done{};
  const auto now = ports_.clock.now();
  return identity_.load(
      settings.certificate, settings.key, now ? std::optional(now->wall) : std::nullopt);
}

LoopParts Server::parts() {
  std::array<std::uint8_t, 8> prefix{};
  ports_.random.fill(prefix);
  return {dispatcher_,
          queue_,
          admission_,
          identity_,
          ports_.log,
          listeners_,
          [this](const std::string& peer) { return is_proxy(peer); },
          [this] { watch_certificate(); },
          hex_encode(prefix)};
}

Status Server::open() {
  if (const auto exposed = exposed_address(settings_)) {
    return Error{ErrorCode::InvalidInput,
                 "plain HTTP on " + exposed->text() +
                     " is refused: name a certificate and a key, or listen on 127.0.0.1"};
  }
  if (auto loaded = load_identity(settings_); !loaded) return loaded.error();
  for (const auto& address : settings_.listen) {
    auto listener = Listener::open(address);
    if (!listener) return listener.error();
    listeners_.push_back(*std::move(listener));
  }
  const auto shared = parts();
  for (std::size_t i = 0; i < kLoops; ++i) loops_.push_back(std::make_unique<EventLoop>(shared, i));
  return Done{};
}

void Server::run(const std::function<void(const char* what)>& ending) {
  std::vector<std::thread> threads;
  for (const auto& loop : loops_) threads.emplace_back([&loop] { loop->run(); });
  pollfd end{ending_.get(), POLLIN, 0};
  while (poll(&end, 1, -1) < 0) {
  }
  for (const auto& loop : loops_) loop->stop();
  ending("the loops of the HTTP listener");
  for (auto& thread : threads) thread.join();
  ending("the workers of the HTTP listener");
  queue_.drain();
}

void Server::stop() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(ending_.get(), &one, sizeof(one));
}

Status Server::configure(const ServerSettings& settings) {
  auto fresh = settings;
  {
    const std::scoped_lock lock(mutex_);
    fresh.listen = settings_.listen;
    // A listener that spoke TLS goes on to do so, and one that didn't can't begin.
    if (fresh.has_tls() != settings_.has_tls()) {
      fresh.certificate = settings_.certificate;
      fresh.key = settings_.key;
    }
  }
  if (auto loaded = load_identity(fresh); !loaded) return loaded.error();
  dispatcher_.configure(fresh);
  admission_.configure(fresh.connections, fresh.connections_per_source);
  queue_.configure(fresh.queued_requests);
  const std::scoped_lock lock(mutex_);
  settings_ = std::move(fresh);
  return Done{};
}

void Server::watch_certificate() {
  const auto now = ports_.clock.now();
  if (now) identity_.watch(now->wall);
}

bool Server::is_proxy(const std::string& peer) {
  const std::scoped_lock lock(mutex_);
  return is_listed(peer, settings_.proxies);
}

std::uint64_t Server::rounds() const {
  auto least = std::numeric_limits<std::uint64_t>::max();
  for (const auto& loop : loops_) least = std::min(least, loop->rounds());
  return loops_.empty() ? 0 : least;
}

std::vector<ListenAddress> Server::addresses() const {
  std::vector<ListenAddress> found;
  for (const auto& listener : listeners_) found.push_back(listener->address());
  return found;
}

}  // namespace twinlock::http
