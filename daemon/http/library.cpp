// SPDX-License-Identifier: MIT
#include "daemon/http/library.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
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

class Library::Server final : public httplib::Server {
 public:
  Server();
  [[nodiscard]] std::string write(Method method, const Response& response, bool keep_alive);

  using httplib::Server::process_request;  // protected

 private:
  void fill(httplib::Response& out) const;

  const Response* response_ = nullptr;  // while write() runs
  bool is_head_ = false;
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
  set_exception_handler([](const httplib::Request& /*request*/,
                           httplib::Response& out,
                           std::exception_ptr /*error*/) { out.status = 500; });
}

void Library::Server::fill(httplib::Response& out) const {
  out.status = response_->status;
  for (const auto& [name, value] : response_->headers) out.headers.emplace(name, value);
  // To HEAD the library would say that ranges can be had, and the guard drops them.
  if (is_head_) out.set_header("Accept-Ranges", "none");
  if (!response_->body.empty()) out.set_content(response_->body, response_->content_type.c_str());
}

std::string Library::Server::write(Method method, const Response& response, bool keep_alive) {
  response_ = &response;
  is_head_ = method == Method::Head;
  // All that the library has to know of the request.
  const auto head = std::string(method_name(method)) + " / HTTP/1.1\r\n\r\n";
  MemoryStream stream(head);
  process(*this, stream, !keep_alive);
  response_ = nullptr;
  auto bytes = stream.take_output();
  if (bytes.empty()) throw std::runtime_error("the library wrote no response");
  return bytes;
}

Library::Library() : server_(std::make_unique<Server>()) {}
Library::~Library() = default;

std::string Library::write(Method method, const Response& response, bool keep_alive) {
  return server_->write(method, response, keep_alive);
}

}  // namespace twinlock::http
