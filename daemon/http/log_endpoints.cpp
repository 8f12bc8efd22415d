// SPDX-License-Identifier: MIT
#include "daemon/http/log_endpoints.h"

#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/domain/lucene_query.h"
#include "daemon/http/errors.h"
#include "daemon/http/fields.h"
#include "daemon/http/json.h"
#include "daemon/http/log_view.h"
#include "daemon/http/paging.h"
#include "daemon/http/user_access.h"

namespace twinlock::http {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr days kActive{30};
constexpr int kMostDays = 366;

Parsed<AuditSearch::Order> order_of(const Request& request) {
  const auto sort = request.query_value("sort").value_or("date:-1");
  if (sort == "date:-1") return AuditSearch::Order::NewestFirst;
  if (sort == "date:1") return AuditSearch::Order::OldestFirst;
  return query_error({.what = "No enum match for: " + std::string(sort),
                      .where = "sort",
                      .description = "date:1 or date:-1"});
}

Parsed<std::optional<LuceneQuery>> query_of(const Request& request) {
  auto text = request.query_value("q");
  if (!text || text->empty()) text = request.query_value("search");
  if (!text || text->empty()) return std::optional<LuceneQuery>();
  auto query = LuceneQuery::parse(*text, log_fields());
  if (query) return std::optional(*std::move(query));
  return query_error({.what = query.error().detail, .where = "q", .description = "Search"});
}

Json views(const std::vector<AuditRecord>& records,
           const LogContext& context,
           const Selection& selection) {
  auto list = Json::array();
  for (const auto& record : records) list.push_back(selected(log_view(record, context), selection));
  return list;
}

// "20260322"; nothing for what is no day.
std::optional<sys_days> day_of(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  const std::chrono::year_month_day date{
      std::chrono::year(number / 10000),
      std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
      std::chrono::day(static_cast<unsigned>(number % 100))};
  return date.ok() ? std::optional<sys_days>(date) : std::nullopt;
}

Parsed<sys_days> day_in(const Request& request, const char* name, sys_days otherwise) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  if (const auto day = day_of(*text)) return *day;
  return query_error({.what = "Not a day in the form YYYYMMDD", .where = name, .description = {}});
}

// What a caller may see of the log.
class LogSight {
 public:
  LogSight(Users& users, const UserFilter& filter) : users_(users), filter_(filter) {}

  [[nodiscard]] bool is_narrow() const { return filter_ != UserFilter{}; }
  [[nodiscard]] bool has(const AuditEvent& event) {
    if (!is_narrow()) return true;
    if (event.user.empty() || !event.uid) return false;
    // Looked up once for a user: there are as many records as one likes.
    const auto [known, is_new] = seen_.try_emplace(event.user, false);
    if (is_new) {
      known->second = users_.sight_of({event.user, *event.uid}, filter_) == Users::Sight::Seen;
    }
    return known->second;
  }

 private:
  Users& users_;
  const UserFilter& filter_;
  std::map<std::string, bool> seen_;
};

}  // namespace

std::vector<Route> LogEndpoints::routes() {
  const std::vector<std::string> reading{"read:logs", "read:logs_users"};
  std::vector<Route> routes{
      {"A01", Method::Get, "/api/v2/logs", reading, [this](const auto& r) { return list(r, ""); }},
      {"A03",
       Method::Get,
       "/api/v2/users/{id}/logs",
       reading,
       [this](const auto& r) { return list_of_user(r); }},
      {"A06",
       Method::Get,
       "/api/v2/stats/active-users",
       {"read:stats"},
       [this](const auto& r) { return active_users(r); }},
      {"A07",
       Method::Get,
       "/api/v2/stats/daily",
       {"read:stats"},
       [this](const auto& r) { return daily(r); }},
  };
  for (auto& route : routes) route.cost = Cost::Search;
  routes.push_back({"A02", Method::Get, "/api/v2/logs/{id}", reading, [this](const auto& r) {
                      return show(r);
                    }});
  return routes;
}

Result<LogContext> LogEndpoints::context() {
  const auto clients = access_.clients();
  if (!clients) return clients.error();
  LogContext context{.host = options_.host(), .client_names = {}};
  for (const auto& client : *clients) context.client_names.emplace(client.id, client.name);
  return context;
}

Response LogEndpoints::list(const Request& request, const std::string& user) {
  const auto page = page_of(request);
  if (!page) return page.refusal();
  if (page->is_checkpoint) return list_after(request, user, page->from, page->size);
  const auto order = order_of(request);
  if (!order) return order.refusal();
  const auto query = query_of(request);
  if (!query) return query.refusal();
  const auto selection = selection_of(request);
  if (!selection) return selection.refusal();

  const auto context = this->context();
  if (!context) return error_response(request, context.error());
  const auto& host = context->host;
  AuditSearch search{
      .user = user, .matches = {}, .order = *order, .skip = page->start(), .limit = page->size};
  LogSight sight(users_, request.caller.users);
  if (*query || sight.is_narrow()) {
    search.matches = [&](const AuditRecord& record) {
      const auto values = [&](std::string_view field) { return log_values(record, host, field); };
      return (!*query || (*query)->matches(values)) && sight.has(record.event);
    };
  }
  const auto found = search_audit(audit_, search);
  if (!found) return error_response(request, found.error());
  auto logs = views(found->records, *context, *selection);
  if (!page->include_totals) return json_response(200, logs);
  return json_response(200,
                       {{"start", page->start()},
                        {"limit", page->size},
                        {"length", logs.size()},
                        {"total", found->total},
                        {"logs", std::move(logs)}});
}

// Oldest first, those after `from`: what a collector asks for again and again.
Response LogEndpoints::list_after(const Request& request,
                                  const std::string& user,
                                  const std::string& from,
                                  int take) {
  const auto selection = selection_of(request);
  if (!selection) return selection.refusal();
  AuditQuery query;
  query.user = user;
  query.limit = take;
  if (!from.empty()) {
    const auto sequence = sequence_in(from);
    if (!sequence) {
      return query_error({.what = "Not the log_id of an event",
                          .where = "from",
                          .description = "The event to go on after"});
    }
    query.after = *sequence;
  }
  LogSight sight(users_, request.caller.users);
  std::vector<AuditRecord> found;
  // Whoever sees only some of it gets as many as were asked for all the same, or the end.
  for (int looked = 0; looked < kMostSearched; looked += query.limit) {
    const auto records = audit_.read(query);
    if (!records) return error_response(request, records.error());
    for (const auto& record : *records) {
      if (found.size() < static_cast<std::size_t>(take) && sight.has(record.event)) {
        found.push_back(record);
      }
    }
    const bool is_end = records->size() < static_cast<std::size_t>(query.limit);
    if (is_end || query.limit == 0 || found.size() >= static_cast<std::size_t>(take)) break;
    query.after = records->back().sequence;
  }
  const auto context = this->context();
  if (!context) return error_response(request, context.error());
  return json_response(200, views(found, *context, *selection));
}

Response LogEndpoints::show(const Request& request) {
  const auto& id = request.parameter("id");
  const auto not_found = [] { return api_error(404, "Log not found"); };
  const auto sequence = sequence_in(id);
  if (!sequence) return not_found();
  const auto record = audit_record(audit_, *sequence);
  if (!record) return error_response(request, record.error());
  LogSight sight(users_, request.caller.users);
  if (record->empty() || log_id(record->front()) != id || !sight.has(record->front().event)) {
    return not_found();
  }
  const auto context = this->context();
  if (!context) return error_response(request, context.error());
  return json_response(200, log_view(record->front(), *context));
}

Response LogEndpoints::list_of_user(const Request& request) {
  const auto owner = users_.owner_of(request.parameter("id"));
  if (!owner) return user_error(request, owner.error());
  if (users_.sight_of(*owner, request.caller.users) == Users::Sight::Hidden) return no_such_user();
  return list(request, owner->name);
}

Response LogEndpoints::active_users(const Request& request) {
  const auto now = clock_.now();
  if (!now) return error_response(request, now.error());
  const auto summary = summarize_audit(audit_, now->wall - kActive, now->wall + days(1));
  if (!summary) return error_response(request, summary.error());
  return json_response(200, summary->users);
}

Response LogEndpoints::daily(const Request& request) {
  const auto now = clock_.now();
  if (!now) return error_response(request, now.error());
  const auto today = std::chrono::floor<days>(now->wall);
  const auto to = day_in(request, "to", today);
  if (!to) return to.refusal();
  const auto from = day_in(request, "from", *to - kActive);
  if (!from) return from.refusal();
  if (*from > *to || *to - *from > days(kMostDays)) {
    return query_error({.what = "Not a time of at most " + std::to_string(kMostDays) + " days",
                        .where = "from",
                        .description = "First day"});
  }
  const auto summary = summarize_audit(audit_, *from, *to + days(1));
  if (!summary) return error_response(request, summary.error());
  auto list = Json::array();
  for (const auto& [day, count] : summary->days) {
    const auto date = utc_text(day);
    list.push_back({{"date", date},
                    {"logins", count.logins},
                    {"signups", count.enrollments},
                    {"leaked_passwords", 0},
                    {"created_at", date},
                    {"updated_at", utc_text(day == today ? now->wall : WallTime(day + days(1)))}});
  }
  return json_response(200, list);
}

}  // namespace twinlock::http
