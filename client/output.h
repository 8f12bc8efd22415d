// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_OUTPUT_H
#define TWINLOCK_CLIENT_OUTPUT_H

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace twinlock::client {

enum class Form { Human, Json };

// What a command says: for people, or one JSON value a line for programs (--json). Results go to
// standard output; errors and everything that is not the result go to standard error.
class Output {
 public:
  // `utf8`: whether the reader's locale shows more than ASCII.
  Output(std::ostream& out, std::ostream& err, Form form, bool utf8)
      : out_(out), err_(err), form_(form), utf8_(utf8) {}

  [[nodiscard]] bool is_json() const { return form_ == Form::Json; }

  // For people; JSON has nothing of it. Ends with the line ends that `text` has.
  void text(std::string_view text);
  // A line beside the result; in JSON form nothing.
  void note(std::string_view line);
  // A line that answers a person who types, in either form: to standard error.
  void reply(std::string_view line);
  // One line of ASCII, whatever the text in it; text that is not UTF-8 is mended. Flushed: a
  // program may wait for it.
  void json(const nlohmann::json& value);
  // Why the command did not do it: "twinlock: MESSAGE", or {"error": WORD, "message": MESSAGE}.
  void error(std::string_view word, std::string_view message);

  // Whether all results have been written.
  [[nodiscard]] bool flush();

 private:
  void write(std::ostream& stream, std::string_view text) const;

  std::ostream& out_;
  std::ostream& err_;
  Form form_;
  bool utf8_;
};

}  // namespace twinlock::client

#endif
