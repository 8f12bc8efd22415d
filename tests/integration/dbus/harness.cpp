// SPDX-License-Identifier: MIT
#include "tests/integration/dbus/harness.h"

#include <grp.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "common/encoding.h"
#include "common/login_wire.h"
#include "daemon/domain/hotp.h"
#include "daemon/domain/totp.h"

namespace twinlock::testing {

Bus connect(const std::string& address) {
  sd_bus* bus = nullptr;
  if (sd_bus_new(&bus) < 0) return nullptr;
  Bus owned(bus);
  if (sd_bus_set_address(bus, address.c_str()) < 0 || sd_bus_set_bus_client(bus, 1) < 0 ||
      sd_bus_start(bus) < 0) {
    return nullptr;
  }
  return owned;
}

const char* daemon_name() { return geteuid() == 0 ? wire::kRootBusName : wire::kBusName; }

BusMessage new_call(sd_bus* bus,
                    const char* name,
                    const std::string& interface,
                    const std::string& method) {
  sd_bus_message* raw = nullptr;
  sd_bus_message_new_method_call(
      bus, &raw, name, wire::kObjectPath, interface.c_str(), method.c_str());
  return BusMessage(raw);
}

Reply call(sd_bus* bus,
           const std::string& interface,
           const std::string& method,
           const Fill& fill,
           const char* name) {
  const auto request = new_call(bus, name, interface, method);
  if (!request) return {"cannot make a call", "", nullptr};
  if (fill) fill(request.get());
  sd_bus_error error = SD_BUS_ERROR_NULL;
  sd_bus_message* answer = nullptr;
  constexpr std::uint64_t kLimit = 60ULL * 1000 * 1000;
  const int result = sd_bus_call(bus, request.get(), kLimit, &error, &answer);
  Reply reply{"", "", BusMessage(answer)};
  if (result < 0) {
    reply.error = error.name != nullptr ? error.name : std::strerror(-result);
    reply.text = error.message != nullptr ? error.message : "";
  }
  sd_bus_error_free(&error);
  return reply;
}

std::string as_uid(uid_t uid, const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("pipe");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    std::string result = "cannot change the uid";
    if (setgroups(0, nullptr) == 0 && setresgid(uid, uid, uid) == 0 &&
        setresuid(uid, uid, uid) == 0) {
      result = work();
    }
    [[maybe_unused]] const auto written = write(ends[1], result.data(), result.size());
    _exit(0);
  }
  close(ends[1]);
  std::string result;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = read(ends[0], part.data(), part.size())) > 0;) {
    result.append(part.data(), static_cast<std::size_t>(got));
  }
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return result;
}

std::string error_for(uid_t uid,
                      const std::string& address,
                      const std::string& interface,
                      const std::string& method,
                      const Fill& fill,
                      const char* name) {
  return as_uid(uid, [&]() -> std::string {
    const auto bus = connect(address);
    if (!bus) return "cannot connect";
    return call(bus.get(), interface, method, fill, name).error;
  });
}

Fill harmless(const std::string& signature) {
  return [signature](sd_bus_message* message) {
    for (std::size_t i = 0; i < signature.size(); ++i) {
      switch (signature[i]) {
        case 's':
          sd_bus_message_append(message, "s", "");
          break;
        case 'b':
          sd_bus_message_append(message, "b", 0);
          break;
        case 'u':
          sd_bus_message_append(message, "u", 0U);
          break;
        case 'x':
        case 't':
          sd_bus_message_append(message, std::string(1, signature[i]).c_str(), std::uint64_t{0});
          break;
        case 'a':
          sd_bus_message_append_array(message, signature[++i], nullptr, 0);
          break;
        default:
          throw std::runtime_error("a type that no argument of ours has");
      }
    }
  };
}

WireNonce fresh_nonce() {
  WireNonce nonce(wire::kNonceSize);
  if (getrandom(nonce.data(), nonce.size(), 0) != static_cast<ssize_t>(nonce.size())) {
    throw std::runtime_error("getrandom");
  }
  return nonce;
}

WireStep read_step(const Reply& reply) {
  WireStep step;
  step.error = reply.error;
  if (!reply.error.empty()) return step;
  auto* message = reply.message.get();
  const auto read_bytes = [message](std::vector<std::uint8_t>& bytes) {
    const void* data = nullptr;
    std::size_t size = 0;
    sd_bus_message_read_array(message, 'y', &data, &size);
    const auto* first = static_cast<const std::uint8_t*>(data);
    bytes.assign(first, first + size);
  };
  const auto read_text = [message](std::string& text) {
    const char* data = nullptr;
    sd_bus_message_read(message, "s", &data);
    text = data == nullptr ? "" : data;
  };
  read_bytes(step.nonce);
  read_text(step.conversation);
  read_text(step.user);
  sd_bus_message_enter_container(message, 'a', "(us)");
  std::uint32_t kind = 0;
  const char* text = nullptr;
  while (sd_bus_message_read(message, "(us)", &kind, &text) > 0) step.messages += text;
  sd_bus_message_exit_container(message);
  sd_bus_message_read(message, "u", &step.kind);
  read_text(step.text);
  std::vector<std::uint8_t> payload;
  read_bytes(payload);
  read_text(step.reason);
  return step;
}

WireStep begin(sd_bus* bus, const WireNonce& nonce, const std::string& user) {
  return read_step(call(bus, wire::kLoginInterface, "Begin", [&](sd_bus_message* message) {
    sd_bus_message_append_array(message, 'y', nonce.data(), nonce.size());
    sd_bus_message_append(
        message, "sssssssu", user.c_str(), "sshd", "203.0.113.7", "", "ssh", "", "C", 1U);
  }));
}

WireStep answer(sd_bus* bus,
                const WireStep& before,
                const WireNonce& nonce,
                const std::string& answer) {
  return read_step(call(bus, wire::kLoginInterface, "Answer", [&](sd_bus_message* message) {
    sd_bus_message_append(message, "s", before.conversation.c_str());
    sd_bus_message_append_array(message, 'y', before.nonce.data(), before.nonce.size());
    sd_bus_message_append_array(message, 'y', nonce.data(), nonce.size());
    sd_bus_message_append_array(message, 'y', answer.data(), answer.size());
  }));
}

std::string totp(const std::string& base32_seed, int steps) {
  const auto seed = base32_decode(base32_seed);
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto step = time_step(now, std::chrono::seconds(30)) + steps;
  auto digits = std::to_string(hotp_value(HashAlgorithm::Sha1, seed->bytes(), step, 6));
  return digits.insert(0, 6 - digits.size(), '0');
}

DaemonTest::DaemonTest() {
  mkdir((directory_ / "state").c_str(), 0700);
  const auto socket_path = (directory_ / "notify").string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  notify_socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (bind(notify_socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("bind " + socket_path);
  }
  environment_.push_back("NOTIFY_SOCKET=" + socket_path);
}

DaemonTest::~DaemonTest() {
  daemon_.reset();
  close(notify_socket_);
}

void DaemonTest::start_bus(BusPolicy policy) {
  bus_ = std::make_unique<PrivateBus>(directory_, policy);
  Process key(TWINLOCKD, {"generate-key", (directory_ / "key").string()}, directory_ / "key.log");
  ASSERT_EQ(key.wait(), 0) << read_file(directory_ / "key.log");
  write_settings("");
  Process store(TWINLOCKD, {"create-store", "--config", settings_file()}, directory_ / "store.log");
  ASSERT_EQ(store.wait(), 0) << read_file(directory_ / "store.log");
}

void DaemonTest::write_settings(const std::string& more) {
  write_file(directory_ / "t.toml",
             "[store]\ndirectory = \"" + (directory_ / "state").string() + "\"\n[keys]\nfile = \"" +
                 (directory_ / "key").string() + "\"\n[bus]\naddress = \"" + bus_->address() +
                 "\"\n" + more);
}

std::unique_ptr<Process> DaemonTest::launch() {
  auto words = wrapper_;
  for (const std::string& word : {std::string(TWINLOCKD),
                                  std::string("serve"),
                                  std::string("--bus"),
                                  std::string("--config"),
                                  settings_file()}) {
    words.push_back(word);
  }
  const auto program = words.front();
  words.erase(words.begin());
  return std::make_unique<Process>(program, words, directory_ / "daemon.log", environment_);
}

void DaemonTest::start_daemon() {
  daemon_ = launch();
  await_notification("READY=1");
}

int DaemonTest::run_daemon() { return launch()->wait(); }

void DaemonTest::await_notification(const std::string& line) {
  for (;;) {
    pollfd file{notify_socket_, POLLIN, 0};
    if (poll(&file, 1, 60000) <= 0) FAIL() << "no " << line << "; log:\n" << log();
    std::array<char, 4096> text{};
    const auto size = recv(notify_socket_, text.data(), text.size(), 0);
    const auto said = '\n' + std::string(text.data(), static_cast<std::size_t>(size)) + '\n';
    if (said.find('\n' + line + '\n') != std::string::npos) return;
  }
}

void DaemonTest::skip_notifications() const {
  std::array<char, 4096> text{};
  while (recv(notify_socket_, text.data(), text.size(), MSG_DONTWAIT) >= 0) {
  }
}

void DaemonTest::stop_daemon() {
  daemon_->signal(SIGTERM);
  ASSERT_EQ(daemon_->wait(), 0) << log();
}

void DaemonTest::await_log(const std::string& text) const {
  using namespace std::chrono_literals;
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (log().find(text) == std::string::npos) {
    ASSERT_LT(std::chrono::steady_clock::now(), until) << "no " << text << ":\n" << log();
    std::this_thread::sleep_for(20ms);
  }
}

std::string DaemonTest::sql(const std::string& text) const {
  sqlite3* database = nullptr;
  sqlite3_open((directory_ / "state" / "store.db").c_str(), &database);
  std::string result;
  const auto keep = [](void* out, int columns, char** values, char**) {
    if (columns > 0 && values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
    return 0;
  };
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, text.c_str(), keep, &result, &message), SQLITE_OK) << message;
  sqlite3_close(database);
  return result;
}

std::string DaemonTest::log() const { return read_file(directory_ / "daemon.log"); }

std::string DaemonTest::enroll(sd_bus* bus, const std::string& user) {
  const auto made =
      call(bus, wire::kAdministrationInterface, "EnrollOtp", [&user](sd_bus_message* message) {
        sd_bus_message_append(message, "ssssuu", user.c_str(), "totp", "test", "SHA1", 6U, 30U);
      });
  EXPECT_EQ(made.error, "") << made.text;
  const char* id = nullptr;
  const char* seed = nullptr;
  const char* uri = nullptr;
  sd_bus_message_read(made.message.get(), "sss", &id, &seed, &uri);
  std::string secret = seed;
  const auto confirmed =
      call(bus, wire::kAdministrationInterface, "ConfirmOtp", [&](sd_bus_message* message) {
        sd_bus_message_append(message, "sss", user.c_str(), id, totp(secret, -1).c_str());
      });
  EXPECT_EQ(confirmed.error, "") << confirmed.text;
  return secret;
}

void DaemonTest::demand_factor(sd_bus* bus) {
  const auto factor =
      call(bus, wire::kAdministrationInterface, "SetFactor", [](sd_bus_message* message) {
        sd_bus_message_append(message, "sb", "otp", 1);
      });
  EXPECT_EQ(factor.error, "") << factor.text;
  const auto policy =
      call(bus, wire::kAdministrationInterface, "SetPolicy", [](sd_bus_message* message) {
        sd_bus_message_append(message, "s", "all-applications");
      });
  EXPECT_EQ(policy.error, "") << policy.text;
}

}  // namespace twinlock::testing
