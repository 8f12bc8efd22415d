// SPDX-License-Identifier: MIT
#include "daemon/http/paging.h"

#include <charconv>
#include <limits>

#include "common/encoding.h"
#include "daemon/http/errors.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kMaxShownBytes = 100;

Response bound_error(std::string_view name, int value, const char* bound, int limit) {
  return query_error(
      {"Value " + std::to_string(value) + " is " + bound + " " + std::to_string(limit),
       std::string(name),
       {}});
}

}  // namespace

Parsed<std::optional<int>> query_integer(const Request& request,
                                         std::string_view name,
                                         int least,
                                         int most) {
  const auto text = request.query_value(name);
  if (!text) return std::optional<int>();
  int value = 0;
  const auto* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  if (read.ec == std::errc::result_out_of_range && read.ptr == end) {
    value =
        text->front() == '-' ? std::numeric_limits<int>::min() : std::numeric_limits<int>::max();
  } else if (read.ec != std::errc() || read.ptr != end) {
    return query_error({"Expected type integer but found type string", std::string(name), {}});
  }
  if (value < least) return bound_error(name, value, "less than minimum", least);
  if (value > most) return bound_error(name, value, "greater than maximum", most);
  return std::optional(value);
}

Parsed<std::optional<bool>> query_boolean(const Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::optional<bool>();
  if (*text == "true") return std::optional(true);
  if (*text == "false") return std::optional(false);
  return query_error(
      {"No enum match for: " + printable(*text, kMaxShownBytes), std::string(name), {}});
}

Parsed<Page> page_of(const Request& request) {
  const auto number = query_integer(request, "page", 0, std::numeric_limits<int>::max());
  if (!number) return number.refusal();
  const auto size = query_integer(request, "per_page", 0, kMaxPageSize);
  if (!size) return size.refusal();
  const auto totals = query_boolean(request, "include_totals");
  if (!totals) return totals.refusal();
  const auto take = query_integer(request, "take", 0, kMaxPageSize);
  if (!take) return take.refusal();
  const auto from = request.query_value("from");

  Page page;
  page.is_checkpoint = from || *take;
  page.number = number->value_or(0);
  page.size = page.is_checkpoint ? take->value_or(kPageSize) : size->value_or(kPageSize);
  page.include_totals = totals->value_or(false);
  page.from = from.value_or("");
  return page;
}

}  // namespace twinlock::http
