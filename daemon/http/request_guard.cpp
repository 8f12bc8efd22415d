// SPDX-License-Identifier: MIT
#include "daemon/http/request_guard.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/http/limits.h"
#include "daemon/http/syntax.h"
#include "daemon/http/target.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kLineEnd = 2;  // CR LF

// Whether `list`, a comma-separated header value, has `token`, without regard to case.
bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto end = list.find(',');
    if (is_same_name(trimmed(list.substr(0, end)), token)) return true;
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return false;
}

bool is_query(std::string_view text) {
  return std::all_of(
      text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

}  // namespace

void RequestGuard::refuse(int status, const char* reason, Place place) {
  state_ = State::Refused;
  refusal_ = {status, reason, place};
}

std::size_t RequestGuard::take(std::string_view bytes) {
  has_begun_ = has_begun_ || !bytes.empty();
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const auto rest = bytes.substr(taken);
    if (state_ == State::Head) {
      taken += take_line(rest);
    } else if (state_ == State::Body) {
      taken += take_body(rest);
    } else {
      break;
    }
  }
  return taken;
}

// One line, or as much of it as there is.
std::size_t RequestGuard::take_line(std::string_view bytes) {
  const auto end = bytes.find('\n');
  const bool is_whole = end != std::string_view::npos;
  const auto part = bytes.substr(0, is_whole ? end + 1 : end);
  if (!has_request_line_ && line_.size() + part.size() > kMaxRequestLine + kLineEnd) {
    refuse(414, "request line too long");
    return part.size();
  }
  if (has_request_line_ && (head_bytes_ += part.size()) > kMaxHead) {
    refuse(431, "header lines too long");
    return part.size();
  }
  if (!is_whole) {
    line_ += part;
    return part.size();
  }
  if (!line_.empty()) line_ += part;
  const auto line = line_.empty() ? part : std::string_view(line_);
  if (line.size() < kLineEnd || line[line.size() - kLineEnd] != '\r') {
    refuse(400, "bare line feed");
  } else if (!has_request_line_) {
    read_request_line(line.substr(0, line.size() - kLineEnd));
  } else if (line.size() == kLineEnd) {
    end_head();
  } else {
    read_header(line.substr(0, line.size() - kLineEnd));
  }
  line_.clear();
  return part.size();
}

// method SP target SP version, each space exactly one (RFC 9112 §3).
void RequestGuard::read_request_line(std::string_view line) {
  has_request_line_ = true;
  const auto first = line.find(' ');
  const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return refuse(400, "malformed request line");
  const auto method = method_named(line.substr(0, first));
  if (!method) return refuse(400, "unknown method");
  const auto version = line.substr(second + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return refuse(400, "unknown version");
  }
  is_http_1_0_ = version == "HTTP/1.0";
  request_.method = *method;
  drops_body_ = *method == Method::Get || *method == Method::Head || *method == Method::Delete;
  read_target(line.substr(first + 1, second - first - 1));
}

void RequestGuard::read_target(std::string_view target) {
  request_.target = target;
  const auto mark = target.find('?');
  const auto path = target.substr(0, mark);
  if (path.size() > kMaxPath) return refuse(414, "path too long");
  auto segments = path_segments(path);
  if (!segments) return refuse(400, "malformed path", Place::Path);
  if (mark != std::string_view::npos) {
    const auto text = target.substr(mark + 1);
    auto query = is_query(text) ? form_fields(text) : std::nullopt;
    if (!query) return refuse(400, "malformed query", Place::Query);
    request_.query = *std::move(query);
  }
  request_.segments = *std::move(segments);
}

void RequestGuard::read_header(std::string_view line) {
  if (++header_lines_ > kMaxHeaderLines) return refuse(431, "too many header lines");
  if (line.front() == ' ' || line.front() == '\t') return refuse(400, "folded header line");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return refuse(400, "header line without a colon");
  const auto name = line.substr(0, colon);
  // An underscore becomes a dash in some readers (CGI), which makes two names of one.
  if (!is_token(name) || name.find('_') != std::string_view::npos) {
    return refuse(400, "malformed header name");
  }
  const auto value = trimmed(line.substr(colon + 1));
  if (!is_header_value(value)) return refuse(400, "control in a header value");
  note_header(name, value);
  if (state_ == State::Refused || is_same_name(name, "Range")) return;
  request_.headers.emplace_back(name, value);
}

// What the connection itself has to know.
void RequestGuard::note_header(std::string_view name, std::string_view value) {
  if (is_same_name(name, "Host")) {
    if (std::exchange(has_host_, true)) refuse(400, "two Host headers");
  } else if (is_same_name(name, "Authorization")) {
    if (std::exchange(has_authorization_, true)) refuse(400, "two Authorization headers");
  } else if (is_same_name(name, "Content-Length")) {
    note_length(value);
  } else if (is_same_name(name, "Transfer-Encoding")) {
    note_coding(value);
  } else if (is_same_name(name, "Content-Encoding")) {
    refuse(400, "Content-Encoding");
  } else if (is_same_name(name, "Connection")) {
    note_connection(value);
  } else if (is_same_name(name, "Expect")) {
    if (!is_same_name(value, "100-continue")) refuse(417, "unknown expectation");
    expects_ = true;
  }
}

void RequestGuard::note_length(std::string_view value) {
  constexpr std::size_t kMaxDigits = 18;  // fits, whatever they are
  if (length_) return refuse(400, "two Content-Length headers");
  if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit)) {
    return refuse(400, "malformed Content-Length");
  }
  if (value.size() > kMaxDigits) return refuse(413, "body too long");
  std::size_t length = 0;
  std::from_chars(value.data(), value.data() + value.size(), length);
  length_ = length;
}

void RequestGuard::note_coding(std::string_view value) {
  if (is_chunked_ || value != "chunked") return refuse(400, "unknown Transfer-Encoding");
  is_chunked_ = true;
}

void RequestGuard::note_connection(std::string_view value) {
  closes_ = closes_ || has_token(value, "close");
}

void RequestGuard::end_head() {
  if (!has_host_ && !is_http_1_0_) return refuse(400, "no Host header");
  if (is_chunked_ && length_) return refuse(400, "two framings");
  if (is_chunked_ && is_http_1_0_) return refuse(400, "chunks in HTTP/1.0");
  left_ = length_.value_or(0);
  const bool has_body = is_chunked_ || left_ > 0;
  const auto limit = has_body ? body_limit_(request_.method, request_.segments) : 0;
  if (left_ > limit) return refuse(413, "body too long");
  if (is_chunked_) chunks_.emplace(limit);
  expects_ = expects_ && has_body && !is_http_1_0_;
  state_ = has_body ? State::Body : State::Complete;
}

std::size_t RequestGuard::take_body(std::string_view bytes) {
  expects_ = false;  // the client didn't wait
  auto& body = drops_body_ ? dropped_ : request_.body;
  std::size_t taken = 0;
  if (chunks_) {
    taken = chunks_->take(bytes, body);
    switch (chunks_->state()) {
      case ChunkedBody::State::Going:
        break;
      case ChunkedBody::State::Complete:
        state_ = State::Complete;
        break;
      case ChunkedBody::State::Malformed:
        refuse(400, "malformed chunk");
        break;
      case ChunkedBody::State::TooLarge:
        refuse(413, "body too long");
        break;
    }
  } else {
    taken = std::min(left_, bytes.size());
    body.append(bytes.substr(0, taken));
    left_ -= taken;
    if (left_ == 0) state_ = State::Complete;
  }
  dropped_.clear();
  return taken;
}

bool RequestGuard::take_expectation() {
  return state_ == State::Body && std::exchange(expects_, false);
}

RequestGuard::Complete RequestGuard::take_request() {
  Complete complete{std::move(request_), !closes_ && !is_http_1_0_};
  *this = RequestGuard(std::move(body_limit_));
  return complete;
}

}  // namespace twinlock::http
