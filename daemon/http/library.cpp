// SPDX-License-Identifier: MIT
#include "daemon/http/library.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <string_view>
#include <utility>

#include <httplib.h>

#include "daemon/http/limits.h"

namespace twinlock::http {
namespace {

// A connection that is two strings.
class MemoryStream final : public httplib::Stream {
 public:
  // `input` has to outlive it.
  explicit MemoryStream(std::string_view input) : input_(input) {}

  [[nodiscard]] std::string take_output() { return std::move(output_); }

  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return true; }
  ssize_t read(char* buffer, size_t size) override {
    const auto count = input_.copy(buffer, size);
    input_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* bytes, size_t size) override {
    output_.append(bytes, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  [[nodiscard]] socket_t socket() const override { return INVALID_SOCKET; }

 private:
  std::string_view input_;
  std::string output_;
};

// All that the library has to know of a request: it writes a head, and the body comes from us, for
// the library would copy it.
constexpr std::string_view kRequest = "HEAD / HTTP/1.1\r\n\r\n";

bool provide_nothing(std::size_t /*offset*/, std::size_t /*length*/, httplib::DataSink& /*sink*/) {
  return false;
}

// The arguments of process_request() as 0.11 has them; 0.18 has the addresses in between.
template <typename Server>
void process(Server& server, httplib::Stream& stream, bool close) {
  bool closed = false;
  const auto nothing = [](httplib::Request& /*request*/) {};
  if constexpr (requires { server.process_request(stream, close, closed, nothing); }) {
    server.process_request(stream, close, closed, nothing);
  } else {
    server.process_request(stream, "", 0, "", 0, close, closed, nothing);
  }
}

}  // namespace

// Writes heads, but for the headers that are ours.
class Library::Server final : public httplib::Server {
 public:
  Server();
  // Throws std::bad_alloc, the one reason there is for not having it.
  [[nodiscard]] std::string head(const Head& head);

  using httplib::Server::process_request;  // protected

 private:
  void fill(httplib::Response& out) const;

  const Head* head_ = nullptr;  // while head() runs
  bool has_failed_ = false;
};

Library::Server::Server() {
  // They are only told to the client; the connection keeps them.
  set_keep_alive_max_count(kRequestsPerConnection);
  set_keep_alive_timeout(std::chrono::duration_cast<std::chrono::seconds>(kIdleTime).count());
  set_pre_routing_handler([this](const httplib::Request& /*request*/, httplib::Response& out) {
    fill(out);
    return HandlerResponse::Handled;
  });
  // S58: without one the library tells the client what was thrown.
  set_exception_handler([this](const httplib::Request& /*request*/,
                               httplib::Response& /*out*/,
                               std::exception_ptr /*error*/) { has_failed_ = true; });
}

void Library::Server::fill(httplib::Response& out) const {
  out.status = head_->status;
  // Else the library would say that ranges can be had, and the guard drops them.
  out.set_header("Accept-Ranges", "none");
  if (head_->body_size == 0) return;
  out.set_content_provider(head_->body_size, head_->content_type, provide_nothing);
}

std::string Library::Server::head(const Head& head) {
  head_ = &head;
  MemoryStream stream(kRequest);
  has_failed_ = false;
  process(*this, stream, !head.keep_alive);
  head_ = nullptr;
  auto bytes = stream.take_output();
  // S59: what it wrote then is about another answer, and would be kept.
  const auto length = "\r\nContent-Length: " + std::to_string(head.body_size) + "\r\n";
  const bool is_whole = bytes.ends_with("\r\n\r\n") &&
                        (head.body_size == 0 || bytes.find(length) != std::string::npos);
  if (has_failed_ || !is_whole) throw std::bad_alloc();
  return bytes;
}

Library::Library() : server_(std::make_unique<Server>()) {}
Library::~Library() = default;

// What the library writes depends on nothing else, and costs as much as a read of the store.
const std::string& Library::head(Head wanted) {
  constexpr std::size_t kMostHeads = 64;
  if (const auto known = heads_.find(wanted); known != heads_.end()) return known->second;
  if (heads_.size() >= kMostHeads) heads_.clear();
  auto text = server_->head(wanted);
  return heads_.emplace(std::move(wanted), std::move(text)).first->second;
}

std::string Library::write(Method method, const Response& response, bool keep_alive) {
  const auto& body = response.body;
  const std::string_view head =
      this->head({response.status, keep_alive, body.size(), response.content_type});
  const auto status_line = head.substr(0, head.find('\n') + 1);
  std::size_t size = head.size() + body.size();
  for (const auto& [name, value] : response.headers) size += name.size() + value.size() + 4;

  std::string bytes;
  bytes.reserve(size);
  bytes += status_line;
  for (const auto& [name, value] : response.headers) {
    bytes += name;
    bytes += ": ";
    bytes += value;
    bytes += "\r\n";
  }
  bytes += head.substr(status_line.size());
  if (method != Method::Head) bytes += body;
  return bytes;
}

}  // namespace twinlock::http
