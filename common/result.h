// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_COMMON_RESULT_H
#define TWINLOCK_COMMON_RESULT_H

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace twinlock {

// What a caller may want to do about it. Add one only when a caller would act differently.
enum class ErrorCode {
  InvalidInput,   // what was given cannot be meant; `detail` says where and what is allowed
  NotFound,       // there is no such thing
  Conflict,       // it exists already, or changed meanwhile
  Forbidden,      // the caller may not
  ProofRequired,  // the caller has to show an authenticator first (S74)
  LimitExceeded,  // there are as many as there may be; something has to go first
  Unavailable,    // a collaborator did not answer; the same call may work later
  Internal,       // a broken promise between parts of ours
};

struct Error {
  ErrorCode code;
  std::string detail;  // for the log; never shown to the person logging in
};

// A value, or why there is none. The names follow std::expected, to become an alias of it one day.
template <typename T>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<T, bool>, "if (result) would ask the wrong question: use an enum");

 public:
  // Implicit, so that `return value;` and `return error;` read as what they are.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

// The value of an operation that has none.
struct Done {};
using Status = Result<Done>;

}  // namespace twinlock

#endif
