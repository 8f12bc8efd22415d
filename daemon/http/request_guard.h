// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_REQUEST_GUARD_H
#define TWINLOCK_DAEMON_HTTP_REQUEST_GUARD_H

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/chunked.h"
#include "daemon/http/message.h"

namespace twinlock::http {

// Reads requests as their bytes arrive: what it lets through is complete, bounded, and means one
// thing only (S53, S54). Pure: no socket, no clock. Nothing behind it looks at raw bytes again.
//
//   bytes ──► request line ──► header lines ──► [body, decoded] ──► Complete ──► take_request()
//                 │                 │               │
//                 └─────────────────┴───────────────┴──► Refused: the connection can't go on
//
// Keeps at most one line and the body, each within its limit, whatever is sent.
class RequestGuard {
 public:
  enum class State { Head, Body, Complete, Refused };

  // How many bytes of body the method and path may have.
  using BodyLimit = std::function<std::size_t(Method, const std::vector<std::string>& segments)>;

  enum class Place { Message, Path, Query };
  struct Refusal {
    int status;               // 400, 413, 414, 417 or 431
    const char* reason = "";  // a constant
    Place place = Place::Message;
  };

  explicit RequestGuard(BodyLimit body_limit) : body_limit_(std::move(body_limit)) {}

  // Takes the beginning of `bytes` and returns how many that was: all of them in Head and Body; in
  // Complete, those behind belong to the next request. Takes nothing in Complete and Refused.
  std::size_t take(std::string_view bytes);

  [[nodiscard]] State state() const { return state_; }
  // Whether anything of a request has arrived.
  [[nodiscard]] bool has_begun() const { return has_begun_; }
  // Whether the client waits for "100 Continue" before it sends the body. Says so once.
  [[nodiscard]] bool take_expectation();
  // In Refused.
  [[nodiscard]] const Refusal& refusal() const { return *refusal_; }
  // The target as far as it is known: "" before the request line. For the form of a refusal.
  [[nodiscard]] const std::string& target() const { return request_.target; }

  struct Complete {
    Request request;  // without client, is_tls and id
    bool keep_alive;  // the client will read another response on this connection
  };
  // In Complete. The guard is ready for the next request.
  [[nodiscard]] Complete take_request();

 private:
  std::size_t take_line(std::string_view bytes);
  std::size_t take_body(std::string_view bytes);
  void read_request_line(std::string_view line);
  void read_target(std::string_view target);
  void read_header(std::string_view line);
  void note_header(std::string_view name, std::string_view value);
  void note_length(std::string_view value);
  void note_coding(std::string_view value);
  void note_connection(std::string_view value);
  void end_head();
  void refuse(int status, const char* reason, Place place = Place::Message);

  BodyLimit body_limit_;
  State state_ = State::Head;
  std::optional<Refusal> refusal_;
  bool has_begun_ = false;

  std::string line_;            // the line that has begun
  std::size_t head_bytes_ = 0;  // of all header lines
  std::size_t header_lines_ = 0;
  bool has_request_line_ = false;
  bool is_http_1_0_ = false;
  bool closes_ = false;  // Connection: close
  bool expects_ = false;
  bool has_host_ = false;
  bool has_authorization_ = false;
  std::optional<std::size_t> length_;
  bool is_chunked_ = false;

  bool drops_body_ = false;  // of a GET: read, and not kept (C09)
  std::size_t left_ = 0;     // of a body with a length
  std::optional<ChunkedBody> chunks_;
  std::string dropped_;
  Request request_;
};

}  // namespace twinlock::http

#endif
