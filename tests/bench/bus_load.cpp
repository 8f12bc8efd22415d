// SPDX-License-Identifier: MIT
//
// bus_load --do ping|begin|login --users POOL [--clients N] [--seconds S] [--most N]
//          [--interval-us N] [--new-connection]
//
// Closed-loop clients of twinlockd on the system bus, each a thread that waits for one answer
// before it asks again. ping: Peer.Ping, which the bus thread answers; begin: opens a conversation
// and cancels it outside of the timing; login: Begin and Answer with a fresh code
// (timer/code_pool.h), which must be granted. Prints "sample NS" for each, and "done COUNT REFUSED
// SECONDS".
//
// --most N          ends after N operations in all: a pool has only so many codes
// --interval-us N   starts one each N µs instead of one after the other
// --new-connection  connects anew for each call, as the PAM module does
#include <sys/random.h>
#include <systemd/sd-bus.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/login_wire.h"
#include "tests/bench/timer/code_pool.h"

namespace twinlock {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kCallTimeout = 10'000'000;  // µs

struct Arguments {
  std::string operation = "ping";
  std::string users;
  std::size_t clients = 1;
  double seconds = 1;
  long most = -1;
  long interval_us = 0;
  bool new_connection = false;
};

struct Release {
  void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Bus = std::unique_ptr<sd_bus, Release>;
using Message = std::unique_ptr<sd_bus_message, Release>;
using Nonce = std::array<std::uint8_t, wire::kNonceSize>;

void check(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::to_string(-result));
}

Bus connect() {
  sd_bus* raw = nullptr;
  check(sd_bus_open_system(&raw), "connecting");
  return Bus(raw);
}

Nonce fresh_nonce() {
  Nonce nonce{};
  if (getrandom(nonce.data(), nonce.size(), 0) != static_cast<ssize_t>(nonce.size())) {
    throw std::runtime_error("getrandom failed");
  }
  return nonce;
}

class Client {
 public:
  Client(const Arguments& arguments, bench::CodePool* pool, std::mutex& pool_mutex)
      : arguments_(arguments), pool_(pool), pool_mutex_(pool_mutex), bus_(connect()) {}

  // Whether the operation ended as it should.
  bool run_once(std::vector<std::int64_t>& samples) {
    const bench::Ticket ticket = next_ticket();
    const auto start = Clock::now();
    const bool good = operate(ticket);
    samples.push_back(std::chrono::nanoseconds{Clock::now() - start}.count());
    if (arguments_.operation == "begin" && good) cancel();
    return good;
  }

 private:
  bench::Ticket next_ticket() {
    if (arguments_.operation == "ping") return {};
    const std::scoped_lock lock(pool_mutex_);
    return arguments_.operation == "login" ? pool_->next_totp(0, 1) : pool_->present_totp(0, 1);
  }

  bool operate(const bench::Ticket& ticket) {
    if (arguments_.operation == "ping") return call(new_call("org.freedesktop.DBus.Peer", "Ping"));
    if (begin(*ticket.user) != wire::StepKind::PromptHidden) return false;
    return arguments_.operation == "begin" || answer(ticket.code) == wire::StepKind::Granted;
  }

  Message new_call(const char* interface, const char* method) {
    if (arguments_.new_connection) bus_ = connect();
    sd_bus_message* raw = nullptr;
    check(sd_bus_message_new_method_call(
              bus_.get(), &raw, wire::kRootBusName, wire::kObjectPath, interface, method),
          method);
    return Message(raw);
  }

  bool call(const Message& message) {
    sd_bus_message* raw = nullptr;
    const int result = sd_bus_call(bus_.get(), message.get(), kCallTimeout, nullptr, &raw);
    reply_ = Message(raw);
    return result >= 0;
  }

  wire::StepKind begin(const bench::PoolUser& user) {
    const auto message = new_call(wire::kLoginInterface, "Begin");
    nonce_ = fresh_nonce();
    check(sd_bus_message_append_array(message.get(), 'y', nonce_.data(), nonce_.size()), "nonce");
    const char* const name = user.name.c_str();
    check(sd_bus_message_append(
              message.get(), "sssssssu", name, "bench", "", "", "", "", "", wire::kInteractive),
          "Begin");
    return call(message) ? read_step() : wire::StepKind::Unavailable;
  }

  wire::StepKind answer(const std::string& code) {
    const auto message = new_call(wire::kLoginInterface, "Answer");
    const Nonce nonce = fresh_nonce();
    check(sd_bus_message_append(message.get(), "s", conversation_.c_str()), "conversation");
    check(sd_bus_message_append_array(message.get(), 'y', nonce_.data(), nonce_.size()), "nonce");
    check(sd_bus_message_append_array(message.get(), 'y', nonce.data(), nonce.size()), "nonce");
    check(sd_bus_message_append_array(message.get(), 'y', code.data(), code.size()), "code");
    return call(message) ? read_step() : wire::StepKind::Unavailable;
  }

  void cancel() {
    const auto message = new_call(wire::kLoginInterface, "Cancel");
    check(sd_bus_message_append(message.get(), "s", conversation_.c_str()), "conversation");
    call(message);
  }

  wire::StepKind read_step() {
    const char* conversation = nullptr;
    std::uint32_t kind = 0;
    check(sd_bus_message_skip(reply_.get(), "ay"), "reply");
    check(sd_bus_message_read(reply_.get(), "s", &conversation), "reply");
    check(sd_bus_message_skip(reply_.get(), "sa(us)"), "reply");
    check(sd_bus_message_read(reply_.get(), "u", &kind), "reply");
    conversation_ = conversation;
    return wire::step_kind(kind).value_or(wire::StepKind::Unavailable);
  }

  const Arguments& arguments_;
  bench::CodePool* pool_;
  std::mutex& pool_mutex_;
  Bus bus_;
  Message reply_;
  Nonce nonce_{};
  std::string conversation_;
};

class Load {
 public:
  explicit Load(Arguments arguments) : arguments_(std::move(arguments)) {
    if (!arguments_.users.empty()) pool_ = std::make_unique<bench::CodePool>(arguments_.users);
  }

  void run() {
    std::vector<std::vector<std::int64_t>> samples(arguments_.clients);
    // Connected before the clock starts.
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < arguments_.clients; ++i) {
      clients.push_back(std::make_unique<Client>(arguments_, pool_.get(), pool_mutex_));
    }
    const auto start = Clock::now();
    until_ = start + std::chrono::duration_cast<Clock::duration>(
                         std::chrono::duration<double>(arguments_.seconds));
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < arguments_.clients; ++i) {
        threads.emplace_back([this, &clients, &samples, i] { work(*clients[i], samples[i]); });
      }
    }
    const std::chrono::duration<double> took = Clock::now() - start;
    std::size_t count = 0;
    for (const auto& mine : samples) {
      count += mine.size();
      for (const auto sample : mine) printf("sample\t%ld\n", sample);
    }
    printf("done\t%zu\t%ld\t%.6f\n", count, refused_.load(), took.count());
    if (pool_ && arguments_.operation == "login") pool_->save();
  }

 private:
  void work(Client& client, std::vector<std::int64_t>& samples) {
    try {
      auto next = Clock::now();
      while (Clock::now() < until_ && (arguments_.most < 0 || begun_++ < arguments_.most)) {
        if (!client.run_once(samples)) ++refused_;
        next += std::chrono::microseconds(arguments_.interval_us);
        if (arguments_.interval_us > 0) std::this_thread::sleep_until(next);
      }
    } catch (const std::exception& error) {
      ++refused_;
      std::cerr << "bus_load: " << error.what() << '\n';
    }
  }

  Arguments arguments_;
  std::unique_ptr<bench::CodePool> pool_;
  std::mutex pool_mutex_;
  Clock::time_point until_;
  std::atomic<long> begun_{0};
  std::atomic<long> refused_{0};
};

Arguments parse(const std::vector<std::string>& words) {
  Arguments parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "--new-connection") {
      parsed.new_connection = true;
      continue;
    }
    const auto& value = words.at(++i);
    if (word == "--do") parsed.operation = value;
    if (word == "--users") parsed.users = value;
    if (word == "--clients") parsed.clients = std::stoul(value);
    if (word == "--seconds") parsed.seconds = std::stod(value);
    if (word == "--most") parsed.most = std::stol(value);
    if (word == "--interval-us") parsed.interval_us = std::stol(value);
  }
  return parsed;
}

}  // namespace
}  // namespace twinlock

int main(int argc, char** argv) {
  try {
    twinlock::Load(twinlock::parse({argv + 1, argv + argc})).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bus_load: " << error.what() << '\n';
    return 2;
  }
}
