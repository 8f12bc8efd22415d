// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_PARSED_H
#define TWINLOCK_DAEMON_HTTP_PARSED_H

#include <utility>
#include <variant>

#include "daemon/http/message.h"

namespace twinlock::http {

// What was read from a request, or the response that refuses it. As Result<T>, but the reason is
// already in the caller's words:
//
//   const auto page = page_of(request);
//   if (!page) return page.refusal();
template <typename T>
class [[nodiscard]] Parsed {
 public:
  // Implicit, so that `return value;` and `return refusal;` read as what they are.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Parsed(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Parsed(Response refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Response& refusal() const { return std::get<1>(state_); }

 private:
  std::variant<T, Response> state_;
};

}  // namespace twinlock::http

#endif
