// SPDX-License-Identifier: MIT
#include "tests/integration/http/harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace twinlock::http {
namespace {

constexpr std::size_t kLargeBody = 1024 * 1024;

std::vector<Route> routes(Gate& gate) {
  const auto open = [](const char* id, Method method, const char* pattern, Handler handler) {
    return Route{id, method, pattern, {}, std::move(handler), Access::Public, RateClass::None};
  };
  const auto text = [](std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
  };
  const auto wait = [text, &gate](const Request&) {
    gate.pass();
    return text("{}");
  };
  auto search = open("6", Method::Get, "/search", wait);
  search.cost = Cost::Search;
  return {
      search,
      open("1",
           Method::Get,
           "/hello",
           [text](const Request&) { return text(R"({"hello":"world"})"); }),
      open("2",
           Method::Post,
           "/echo",
           [text](const Request& request) { return text(request.body); }),
      open("3",
           Method::Get,
           "/headers",
           [text](const Request& request) {
             std::string all;
             for (const auto& [name, value] : request.headers) all += name + ": " + value + "\n";
             return text(all);
           }),
      open("4", Method::Get, "/wait", wait),
      open("5",
           Method::Get,
           "/large",
           [text](const Request&) { return text(std::string(kLargeBody, 'x')); }),
  };
}

int connected(std::uint16_t port, const char* source) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, source, &address.sin_addr);
  if (descriptor < 0 ||
      bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error("no socket for a client");
  }
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  address.sin_port = htons(port);
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    close(descriptor);
    throw std::runtime_error("can't connect");
  }
  return descriptor;
}

}  // namespace

void Gate::open() {
  const std::scoped_lock lock(mutex_);
  is_open_ = true;
  changed_.notify_all();
}

void Gate::pass() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return is_open_; });
}

void Gate::await_waiting(int count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kPatience, [this, count] { return waiting_ >= count; })) {
    throw std::runtime_error("too few requests came to the gate");
  }
}

int Gate::came() {
  const std::scoped_lock lock(mutex_);
  return waiting_;
}

TestServer::TestServer(ServerSettings settings) {
  static_cast<void>(signal(SIGPIPE, SIG_IGN));  // as the daemon does
  settings.listen = {{"127.0.0.1", 0}};
  server_ = std::make_unique<Server>(
      Router(routes(gate_)), nullptr, Server::Ports{clock_, log_, random_}, std::move(settings));
  if (const auto opened = server_->open(); !opened) throw std::runtime_error(opened.error().detail);
  thread_ = std::thread([this] { server_->run([](const char* /*what*/) {}); });
}

TestServer::~TestServer() { stop(); }

void TestServer::stop() {
  gate_.open();
  server_->stop();
  if (thread_.joinable()) thread_.join();
}

Client::Client(const TestServer& server, const char* source)
    : descriptor_(connected(server.port(), source)) {}

Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), input_(std::move(other.input_)) {}

Client::~Client() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool Client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void Client::end_output() const { shutdown(descriptor_, SHUT_WR); }

bool Client::has_something() const {
  pollfd one{descriptor_, POLLIN, 0};
  return poll(&one, 1, 0) == 1;
}

bool Client::fill() {
  pollfd one{descriptor_, POLLIN, 0};
  const auto patience = std::chrono::milliseconds(kPatience).count();
  if (poll(&one, 1, static_cast<int>(patience)) != 1) throw std::runtime_error("nothing came");
  std::array<char, 65536> buffer{};
  const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  input_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<Answer> Client::read(bool has_body) {
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  Answer answer;
  answer.head = input_.substr(0, end + 2);
  input_.erase(0, end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  const auto length = answer.head.find("Content-Length: ");
  if (!has_body || length == std::string::npos) return answer;
  const auto size = std::stoul(answer.head.substr(length + 16));
  while (input_.size() < size) {
    if (!fill()) return std::nullopt;
  }
  answer.body = input_.substr(0, size);
  input_.erase(0, size);
  return answer;
}

std::string Client::read_to_the_end() {
  while (fill()) {
  }
  return std::exchange(input_, {});
}

std::string get(std::string_view path, const TestServer& server, std::string_view more) {
  return "GET " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) + "\r\n" +
         std::string(more) + "\r\n";
}

CommandResult run_command(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("can't run " + command);
  std::string output;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), got);
  }
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

TestCertificate make_certificate(const TemporaryDirectory& directory,
                                 const std::string& name,
                                 const std::string& options) {
  const auto base = directory.path() + "/" + name;
  const auto made = run_command(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name +
      " -addext subjectAltName=DNS:localhost -keyout " + base + ".key -out " + base + ".pem " +
      (options.empty() ? "-days 90" : options));
  if (made.status != 0) throw std::runtime_error(made.output);
  if (run_command("chmod 0400 " + base + ".key").status != 0) throw std::runtime_error("chmod");
  return {base + ".pem", base + ".key"};
}

}  // namespace twinlock::http
