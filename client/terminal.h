// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_TERMINAL_H
#define TWINLOCK_CLIENT_TERMINAL_H

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "client/qr_code.h"
#include "common/secret.h"

namespace twinlock::client {

enum class Echo { Off, On };

// Why a question has no answer.
enum class NoAnswer {
  EndOfInput,   // Ctrl-D, or standard input has ended
  TooLong,      // more than kMaxLine bytes: nothing that was asked for
  Interrupted,  // a signal asked us to end: interrupted_by() names it
};

using Reply = std::variant<Secret, NoAnswer>;

// The person at the other end, by standard input, output and error.
//
// A question takes one line of standard input. On a terminal it is asked on standard error, so
// that standard output stays what a script wants to read; without one nothing is shown, and the
// line comes from the pipe. What is typed without echo never reaches argv or the environment
// (S157).
class Terminal {
 public:
  static constexpr std::size_t kMaxLine = 1024;

  // Whether a person can answer.
  [[nodiscard]] bool can_ask() const;
  // Whether standard output is read by a person.
  [[nodiscard]] bool is_shown() const;
  // Width of the terminal at standard output; nothing if it doesn't say.
  [[nodiscard]] std::optional<std::size_t> columns() const;
  // By locale (setlocale() has run) and TERM.
  [[nodiscard]] bool is_utf8() const;
  [[nodiscard]] QrStyle qr_style() const;

  // Asks, and waits for a line without its line end. With Echo::Off the terminal is put back to
  // what it was whatever happens: an answer, Ctrl-C, Ctrl-Z, a hangup.
  [[nodiscard]] Reply ask(std::string_view prompt, Echo echo);
  // A question with two answers; Enter means `otherwise`, anything unclear means no.
  enum class Answer { No, Yes };
  [[nodiscard]] Answer confirm(std::string_view question, Answer otherwise);

  // The signal that ended a question, for main() to die from once everything is put away.
  [[nodiscard]] std::optional<int> interrupted_by() const { return interrupted_by_; }

 private:
  std::optional<int> interrupted_by_;
};

}  // namespace twinlock::client

#endif
