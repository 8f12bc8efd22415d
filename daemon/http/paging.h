// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_PAGING_H
#define TWINLOCK_DAEMON_HTTP_PAGING_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/message.h"
#include "daemon/http/parsed.h"

// Lists in pages, and the values of a query (§1.5, C11 of the contract).
namespace twinlock::http {

inline constexpr int kPageSize = 50;
inline constexpr int kMaxPageSize = 100;

struct Page {
  int number = 0;               // from 0
  int size = kPageSize;         // 0 … kMaxPageSize
  bool include_totals = false;  // an object with start, limit, total rather than an array
  // The checkpoint form, which takes precedence: `from` is opaque, an empty one the beginning.
  bool is_checkpoint = false;  // `from` or `take` was there; `size` is `take`
  std::string from;

  [[nodiscard]] std::int64_t start() const { return std::int64_t{number} * size; }
};

// page, per_page, include_totals, from and take of a query; or the 400 for a bad one.
[[nodiscard]] Parsed<Page> page_of(const Request& request);

// An integer in the query within bounds: nothing if it isn't there, 400 if it is none.
[[nodiscard]] Parsed<std::optional<int>> query_integer(const Request& request,
                                                       std::string_view name,
                                                       int least,
                                                       int most);

// "true" or "false" in the query.
[[nodiscard]] Parsed<std::optional<bool>> query_boolean(const Request& request,
                                                        std::string_view name);

}  // namespace twinlock::http

#endif
