// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_JSON_WRITER_H
#define TWINLOCK_DAEMON_HTTP_JSON_WRITER_H

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace twinlock::http {

// Writes JSON as it goes, without a tree: for long lists, where the tree would cost more than all
// the rest. What comes out is what json_text() makes of the same values.
//
//   JsonWriter json;
//   json.begin_object().key("name").value("Phone").key("confirmed").value(true).end_object();
//   const auto text = std::move(json).take();
class JsonWriter {
 public:
  // `expected`: about how many bytes it will be.
  explicit JsonWriter(std::size_t expected = 0) { text_.reserve(expected); }

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }

  // Of the member whose value comes next; a word of ours, which needs no escape.
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  // What needs no escape: ids, times, words of ours.
  JsonWriter& plain(std::string_view text);
  template <std::size_t N>
  JsonWriter& plain(const std::array<char, N>& text) {
    return plain(std::string_view(text.data(), N));
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) {
    separate();
    text_ += std::to_string(number);
    return *this;
  }
  // One that is JSON already.
  JsonWriter& raw(std::string_view json);

  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  // The comma before whatever comes, if it needs one.
  void separate();

  std::string text_;
  bool is_first_ = true;  // of its object or array, or the value of a member
};

}  // namespace twinlock::http

#endif
