// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_CHUNKED_H
#define TWINLOCK_DAEMON_HTTP_CHUNKED_H

#include <cstddef>
#include <string>
#include <string_view>

namespace twinlock::http {

// A chunked body (RFC 9112 §7.1) as it arrives, more strictly than the standard: sizes of one to
// eight hexadecimal digits and nothing else, no extensions, line ends of CR LF. Trailers are
// checked for controls, bounded, and dropped (S54).
class ChunkedBody {
 public:
  enum class State {
    Going,
    Complete,
    Malformed,  // 400
    TooLarge,   // 413: the next chunk would go beyond the limit
  };

  explicit ChunkedBody(std::size_t limit) : limit_(limit) {}

  // Decodes the beginning of `bytes` onto the end of `body`, and returns how many it took: all of
  // them while it is Going.
  std::size_t take(std::string_view bytes, std::string& body);

  [[nodiscard]] State state() const { return state_; }

 private:
  enum class Place { Size, SizeEnd, Bytes, BytesReturn, BytesEnd, Trailer };

  void take_one(char c);
  void take_digit(char c);
  void take_trailer(char c);
  void end_size();

  std::size_t limit_;
  State state_ = State::Going;
  Place place_ = Place::Size;
  std::size_t size_ = 0;    // of the chunk, as far as it is read; then what is left of it
  std::size_t digits_ = 0;  // of the size
  std::size_t total_ = 0;
  std::size_t trailer_ = 0;  // bytes of all trailer lines
  std::size_t line_ = 0;     // of the trailer line, without its end
  bool returned_ = false;    // the last byte of a trailer line was a CR
};

}  // namespace twinlock::http

#endif
