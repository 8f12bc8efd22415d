// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_HTTP_HARNESS_H
#define TWINLOCK_TESTS_INTEGRATION_HTTP_HARNESS_H

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "daemon/http/server.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/recording_log.h"
#include "tests/fakes/seeded_random.h"
#include "tests/fakes/temporary_directory.h"

namespace twinlock::http {

// How long anything is waited for that has to come; reached only when a test fails.
inline constexpr std::chrono::seconds kPatience{60};

// Handlers wait here until they are let go.
class Gate {
 public:
  void open();
  void pass();
  void await_waiting(int count);  // until so many have come
  [[nodiscard]] int came();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  int waiting_ = 0;
};

// The engine on a free port of loopback, with a few routes, from construction to destruction:
//   GET /hello    {"hello":"world"}
//   POST /echo    the body, as it came
//   GET /headers  the request's headers, as they came, one a line
//   GET /wait     waits at the gate
//   GET /search   the same, as a search
//   GET /large    a megabyte
class TestServer {
 public:
  explicit TestServer(ServerSettings settings = {});
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer();

  void stop();  // and waits until it has ended
  [[nodiscard]] Server& server() { return *server_; }
  [[nodiscard]] std::uint16_t port() const { return server_->addresses().front().port; }
  [[nodiscard]] Gate& gate() { return gate_; }
  [[nodiscard]] RecordingLog& log() { return log_; }
  [[nodiscard]] FakeClock& clock() { return clock_; }

 private:
  FakeClock clock_;
  RecordingLog log_;
  SeededRandom random_;
  Gate gate_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

// A client in the clear, from an address of its own.
class Client {
 public:
  explicit Client(const TestServer& server, const char* source = "127.0.0.1");
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&& other) noexcept;
  ~Client();

  // False once the server has closed.
  bool send(std::string_view bytes) const;
  void end_output() const;
  // The next response; nothing if the connection ends first.
  [[nodiscard]] std::optional<Answer> read(bool has_body = true);
  [[nodiscard]] std::optional<Answer> ask(std::string_view bytes) {
    send(bytes);
    return read();
  }
  // Waits until the server closes; what came before that.
  [[nodiscard]] std::string read_to_the_end();
  // Whether anything can be read at this moment.
  [[nodiscard]] bool has_something() const;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  bool fill();

  int descriptor_;
  std::string input_;
};

[[nodiscard]] std::string get(std::string_view path,
                              const TestServer& server,
                              std::string_view more = "");

// A self-signed certificate for localhost and its key, made by openssl(1).
struct TestCertificate {
  std::string certificate;
  std::string key;
};
[[nodiscard]] TestCertificate make_certificate(const TemporaryDirectory& directory,
                                               const std::string& name,
                                               const std::string& options = "");

// What a command writes to both of its outputs, and how it ended.
struct CommandResult {
  int status;
  std::string output;
};
[[nodiscard]] CommandResult run_command(const std::string& command);

}  // namespace twinlock::http

#endif
