// SPDX-License-Identifier: MIT
#include "client/output.h"

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "client/text.h"

namespace twinlock::client {
namespace {

// In ASCII: a name that holds what steers a terminal is the same value to a program and harmless to
// a person who looks at it (S125).
std::string dumped(const nlohmann::json& value) {
  return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace

void Output::write(std::ostream& stream, std::string_view text) const {
  if (utf8_) {
    stream << text;
  } else {
    stream << to_ascii(text);
  }
}

void Output::text(std::string_view text) {
  if (!is_json()) write(out_, text);
}

void Output::note(std::string_view line) {
  if (!is_json()) reply(line);
}

void Output::reply(std::string_view line) {
  out_.flush();  // so that a terminal shows both in the order they were said
  write(err_, line);
  err_ << '\n' << std::flush;
}

void Output::json(const nlohmann::json& value) {
  if (is_json()) out_ << dumped(value) << std::flush;
}

void Output::error(std::string_view word, std::string_view message) {
  out_.flush();
  if (is_json()) {
    err_ << dumped({{"error", word}, {"message", message}}) << std::flush;
  } else {
    reply("twinlock: " + std::string(message));
  }
}

bool Output::flush() {
  out_.flush();
  return out_.good();
}

}  // namespace twinlock::client
