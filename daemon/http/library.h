// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_LIBRARY_H
#define TWINLOCK_DAEMON_HTTP_LIBRARY_H

#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "daemon/http/message.h"

namespace twinlock::http {

// cpp-httplib, as far as it is used: it writes the heads of responses. Its sockets, its parser of
// what clients send, its routing and its limits are not (S53, S55, S57): it reads a head that we
// wrote, from memory, and writes into memory. library.cpp is the one file that knows it.
//
// One thread at a time; each worker has its own.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // The bytes of `response` to a request of `method`: no body for HEAD. `keep_alive` is what the
  // head says about the connection. `response` is sendable (message.h).
  [[nodiscard]] std::string write(Method method, const Response& response, bool keep_alive);

 private:
  class Server;
  struct Head {
    int status = 0;
    bool keep_alive = false;
    std::size_t body_size = 0;
    std::string content_type;

    auto operator<=>(const Head&) const = default;
  };

  [[nodiscard]] const std::string& head(Head wanted);

  std::unique_ptr<Server> server_;
  std::map<Head, std::string> heads_;  // those that were asked for lately
};

}  // namespace twinlock::http

#endif
