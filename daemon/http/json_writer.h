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
  explicit JsonWriter(std::size_t expected = 0) : text_(expected, '\0') {}

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }

  // Of the member whose value comes next; a word of ours, which needs no escape.
  JsonWriter& key(std::string_view name) {
    quoted(name);
    put(':');
    is_first_ = true;
    return *this;
  }

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  // What needs no escape: ids, times, words of ours.
  JsonWriter& plain(std::string_view text) {
    quoted(text);
    return *this;
  }
  template <std::size_t N>
  JsonWriter& plain(const std::array<char, N>& text) {
    return plain(std::string_view(text.data(), N));
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) {
    return raw(std::to_string(number));
  }
  // One that is JSON already.
  JsonWriter& raw(std::string_view json);

  [[nodiscard]] std::string take() && {
    text_.resize(size_);
    return std::move(text_);
  }

 private:
  JsonWriter& begin(char bracket) {
    reserve(2);
    separate();
    put(bracket);
    is_first_ = true;
    return *this;
  }
  JsonWriter& end(char bracket) {
    reserve(1);
    put(bracket);
    is_first_ = false;
    return *this;
  }
  // With a comma before it, if it needs one, and room for one character after it.
  void quoted(std::string_view text) {
    reserve(text.size() + 4);
    separate();
    put('"');
    put(text);
    put('"');
  }

  // Room for so many characters: the others write without a look at it.
  void reserve(std::size_t count) {
    if (text_.size() - size_ < count) grow(count);
  }
  void grow(std::size_t count);
  void separate() {
    if (!is_first_) put(',');
    is_first_ = false;
  }
  void put(char c) { text_[size_++] = c; }
  void put(std::string_view text) { size_ += text.copy(text_.data() + size_, text.size()); }

  std::string text_;      // as long as there is room
  std::size_t size_ = 0;  // of what is written
  bool is_first_ = true;  // of its object or array, or the value of a member
};

}  // namespace twinlock::http

#endif
