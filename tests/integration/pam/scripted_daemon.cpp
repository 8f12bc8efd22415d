// SPDX-License-Identifier: MIT
#include "tests/integration/pam/scripted_daemon.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <future>
#include <memory>
#include <stdexcept>

#include "common/login_wire.h"

namespace twinlock::test {
namespace {

struct Closer {
  void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
};
using Connection = std::unique_ptr<sd_bus, Closer>;

void check(int result) {
  if (result < 0) throw std::runtime_error("libsystemd refuses: " + std::to_string(result));
}

std::string read_text(sd_bus_message* message) {
  const char* text = nullptr;
  check(sd_bus_message_read(message, "s", &text));
  return text;
}

Bytes read_bytes(sd_bus_message* message) {
  const void* data = nullptr;
  std::size_t size = 0;
  check(sd_bus_message_read_array(message, 'y', &data, &size));
  const auto* const bytes = static_cast<const std::uint8_t*>(data);
  return {bytes, bytes + size};
}

Call read_call(sd_bus_message* message, const std::string& user) {
  Call call;
  call.method = sd_bus_message_get_member(message);
  if (call.method == "Begin") {
    if (sd_bus_message_has_signature(message, wire::kBeginSignature) <= 0) check(-EBADMSG);
    call.nonce = read_bytes(message);
    for (auto* const text : {&call.user,
                             &call.service,
                             &call.source,
                             &call.rhost,
                             &call.tty,
                             &call.ruser,
                             &call.locale}) {
      *text = read_text(message);
    }
    check(sd_bus_message_read(message, "u", &call.capabilities));
    return call;
  }
  call.user = user;
  call.conversation = read_text(message);
  if (call.method == "Cancel") return call;
  if (sd_bus_message_has_signature(message, wire::kAnswerSignature) <= 0) check(-EBADMSG);
  call.previous_nonce = read_bytes(message);
  call.nonce = read_bytes(message);
  const auto answer = read_bytes(message);
  call.answer.assign(answer.begin(), answer.end());
  return call;
}

// One life of the daemon: from its connection to the next time it vanishes.
class Life {
 public:
  Life(const std::string& address, const Script& script, std::string& user)
      : script_(script), user_(user) {
    sd_bus* raw = nullptr;
    check(sd_bus_new(&raw));
    bus_.reset(raw);
    check(sd_bus_set_address(raw, address.c_str()));
    check(sd_bus_set_bus_client(raw, 1));
    check(sd_bus_start(raw));
    check(sd_bus_add_object(raw, nullptr, wire::kObjectPath, handle, this));
    check(sd_bus_request_name(raw, wire::kRootBusName, 0));
  }

  // What ended it: nothing if the stop, else how long to be away.
  std::optional<std::chrono::milliseconds> run(int stop_fd) {
    while (!away_) {
      const int processed = sd_bus_process(bus_.get(), nullptr);
      if (processed < 0) return std::nullopt;  // the bus is gone
      if (processed > 0) continue;
      std::array<pollfd, 2> fds{
          {{sd_bus_get_fd(bus_.get()), static_cast<short>(sd_bus_get_events(bus_.get())), 0},
           {stop_fd, POLLIN, 0}}};
      poll(fds.data(), fds.size(), -1);
      if (fds[1].revents != 0) return std::nullopt;
    }
    return away_;
  }

 private:
  static int handle(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    static_cast<Life*>(self)->act_on(message);
    return 1;
  }

  void act_on(sd_bus_message* message) {
    const auto call = read_call(message, user_);
    user_ = call.user;
    const auto action = script_(call);
    if (call.method == "Cancel") {
      check(sd_bus_reply_method_return(message, ""));
      return;
    }
    switch (action.way) {
      case Action::Way::Reply:
      case Action::Way::AnotherSignature:
        reply(message, call, action);
        break;
      case Action::Way::Silence:
        break;
      case Action::Way::Vanish:
        away_ = action.away;
        break;
      case Action::Way::BusError:
        check(sd_bus_reply_method_errorf(message, "org.twinlock.Error.Internal", "no"));
        break;
    }
  }

  static void reply(sd_bus_message* message, const Call& call, const Action& action) {
    sd_bus_message* raw = nullptr;
    check(sd_bus_message_new_method_return(message, &raw));
    const std::unique_ptr<sd_bus_message, decltype(&sd_bus_message_unref)> owner(
        raw, sd_bus_message_unref);
    const auto nonce = action.nonce.value_or(call.nonce);
    check(sd_bus_message_append_array(raw, 'y', nonce.data(), nonce.size()));
    const auto conversation = action.conversation.value_or("conversation-1");
    const auto user = action.user.value_or(call.user);
    check(sd_bus_message_append(raw, "ss", conversation.c_str(), user.c_str()));
    check(sd_bus_message_open_container(raw, 'a', "(us)"));
    for (const auto& [kind, text] : action.messages) {
      check(sd_bus_message_append(raw, "(us)", kind, text.c_str()));
    }
    check(sd_bus_message_close_container(raw));
    check(sd_bus_message_append(raw, "us", action.kind, action.text.c_str()));
    check(sd_bus_message_append_array(raw, 'y', nullptr, 0));
    check(sd_bus_message_append(raw, "s", "scripted"));
    if (action.way == Action::Way::AnotherSignature) {
      check(sd_bus_message_append(raw, "s", "a field of a later version"));
    }
    check(sd_bus_send(nullptr, raw, nullptr));
  }

  const Script& script_;
  std::string& user_;
  Connection bus_;
  std::optional<std::chrono::milliseconds> away_;
};

}  // namespace

void serve_logins(const std::string& address,
                  const Script& script,
                  int stop_fd,
                  const std::function<void()>& ready) {
  std::string user;
  bool first = true;
  while (true) {
    std::optional<std::chrono::milliseconds> away;
    {
      Life life(address, script, user);
      if (first) ready();
      first = false;
      away = life.run(stop_fd);
    }
    if (!away) return;
    pollfd stop{stop_fd, POLLIN, 0};
    if (poll(&stop, 1, static_cast<int>(away->count())) != 0) return;
  }
}

ScriptedDaemon::ScriptedDaemon(const std::string& address, Script script)
    : stop_fd_(eventfd(0, EFD_CLOEXEC)) {
  std::promise<void> ready;
  thread_ = std::thread([this, address, script = std::move(script), &ready] {
    const Script noting = [this, &script](const Call& call) {
      {
        const std::lock_guard lock(mutex_);
        calls_.push_back(call);
      }
      return script(call);
    };
    serve_logins(address, noting, stop_fd_, [&ready] { ready.set_value(); });
  });
  ready.get_future().wait();
}

ScriptedDaemon::~ScriptedDaemon() {
  eventfd_write(stop_fd_, 1);
  thread_.join();
  close(stop_fd_);
}

std::vector<Call> ScriptedDaemon::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

std::vector<Call> ScriptedDaemon::calls(const std::string& method) const {
  std::vector<Call> found;
  for (auto& call : calls()) {
    if (call.method == method) found.push_back(call);
  }
  return found;
}

Script grants_for(const std::string& right) {
  return [right](const Call& call) -> Action {
    if (call.method == "Begin") return {.kind = 1, .text = "Verification code: "};
    return {.kind = call.answer == right ? 5U : 7U};
  };
}

Script decides(std::uint32_t kind, const std::string& text) {
  return [kind, text](const Call&) -> Action { return {.kind = kind, .text = text}; };
}

}  // namespace twinlock::test
