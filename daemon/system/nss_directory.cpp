// SPDX-License-Identifier: MIT
#include "daemon/system/nss_directory.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr std::size_t kFirstBuffer = 4096;
constexpr std::size_t kLargestBuffer = 4UL * 1024UL * 1024UL;  // a group of many members
constexpr int kMostGroups = 65536;                             // NGROUPS_MAX of Linux

struct Entry {
  Account account;
  gid_t group;
};

Error failure(const char* what, int error) {
  return {ErrorCode::Unavailable,
          std::string(what) + ": " + std::generic_category().message(error)};
}

// Calls `lookup(buffer, size)` with a buffer that grows until the entry fits.
template <typename Lookup>
int with_buffer(std::vector<char>& buffer, Lookup lookup) {
  for (buffer.resize(kFirstBuffer);; buffer.resize(buffer.size() * 4)) {
    const int error = lookup(buffer.data(), buffer.size());
    if (error == EINTR) continue;
    if (error != ERANGE || buffer.size() >= kLargestBuffer) return error;
  }
}

// glibc answers 0 without an entry where NSS says that there is none; every other number means that
// some service could not be asked, ENOENT (no socket of its daemon, say) included.
template <typename Lookup>
Result<std::optional<Entry>> find_entry(const char* what, Lookup lookup) {
  passwd record{};
  passwd* found = nullptr;
  std::vector<char> buffer;
  const int error = with_buffer(
      buffer, [&](char* data, std::size_t size) { return lookup(&record, data, size, &found); });
  if (error != 0) return failure(what, error);
  if (found == nullptr) return std::optional<Entry>();
  if (!is_account_name(found->pw_name)) {
    return Error{ErrorCode::Unavailable,
                 std::string(what) + ": a name with characters that are not allowed: " +
                     printable(found->pw_name, 64)};
  }
  return std::optional(Entry{{found->pw_name, found->pw_uid}, found->pw_gid});
}

Result<std::optional<Account>> account_of(const Result<std::optional<Entry>>& entry) {
  if (!entry) return entry.error();
  if (!entry->has_value()) return std::optional<Account>();
  return std::optional((*entry)->account);
}

// getgrouplist(3) has no way to say that a service failed, but glibc lets the service's errno
// through. What a lookup leaves behind that merely found nothing is no failure.
bool is_failure(int error) {
  switch (error) {
    case 0:
    case ENOENT:
    case ESRCH:
    case ERANGE:
    case EINVAL:
    case ENOTTY:
      return false;
    default:
      return true;
  }
}

Result<std::vector<gid_t>> group_ids(const NssFunctions& nss, const Entry& entry) {
  std::vector<gid_t> ids(64);
  for (;;) {
    auto count = static_cast<int>(ids.size());
    errno = 0;
    if (nss.group_list(entry.account.name.c_str(), entry.group, ids.data(), &count) >= 0) {
      if (is_failure(errno)) return failure("groups of an account", errno);
      ids.resize(static_cast<std::size_t>(std::max(count, 0)));
      return ids;
    }
    if (ids.size() >= static_cast<std::size_t>(kMostGroups)) {
      return failure("groups of an account", E2BIG);
    }
    ids.resize(std::max(static_cast<std::size_t>(std::max(count, 0)), ids.size() * 2));
  }
}

Result<std::vector<std::string>> group_names(const NssFunctions& nss, const Entry& entry) {
  const auto ids = group_ids(nss, entry);
  if (!ids) return ids.error();
  std::vector<std::string> names;
  std::vector<char> buffer;
  for (const gid_t id : *ids) {
    group record{};
    group* found = nullptr;
    const int error = with_buffer(buffer, [&](char* data, std::size_t size) {
      return nss.group_by_id(id, &record, data, size, &found);
    });
    if (error != 0) return failure("name of a group", error);
    if (found != nullptr) names.emplace_back(found->gr_name);
  }
  return names;
}

Result<std::vector<std::string>> groups_of(const NssFunctions& nss, const Account& account) {
  const auto entry = find_entry("account by name", [&](auto... arguments) {
    return nss.by_name(account.name.c_str(), arguments...);
  });
  if (!entry) return entry.error();
  if (!entry->has_value() || (*entry)->account.uid != account.uid) {
    return Error{ErrorCode::Unavailable, "groups of an account: it went away meanwhile"};
  }
  return group_names(nss, **entry);
}

}  // namespace

NssDirectory::NssDirectory(NssFunctions functions,
                           std::chrono::milliseconds limit,
                           DeadlinePool::Bounds bounds)
    : functions_(std::move(functions)), limit_(limit), pool_(bounds) {}

template <typename T>
Result<T> NssDirectory::ask(std::function<Result<T>()> question, const char* what) {
  // Shared with the thread that asks, which may come back after we gave up.
  const auto answer = std::make_shared<std::optional<Result<T>>>();
  const auto outcome =
      pool_.run([answer, question = std::move(question)] { answer->emplace(question()); }, limit_);
  if (outcome == DeadlinePool::Outcome::GivenUp) {
    return Error{ErrorCode::Unavailable, std::string(what) + ": no answer in time"};
  }
  return std::move(**answer);
}

Result<std::optional<Account>> NssDirectory::find(std::string_view name) {
  // What no directory can hold is answered without asking one.
  if (name.empty() || name.size() > 256 || !is_printable(name) ||
      name.find_first_of(":/") != std::string_view::npos) {
    return std::optional<Account>();
  }
  return ask<std::optional<Account>>(
      [nss = functions_, text = std::string(name)] {
        return account_of(find_entry("account by name", [&](auto... arguments) {
          return nss.by_name(text.c_str(), arguments...);
        }));
      },
      "account by name");
}

Result<std::optional<Account>> NssDirectory::find_uid(Uid uid) {
  return ask<std::optional<Account>>(
      [nss = functions_, uid] {
        return account_of(find_entry(
            "account by uid", [&](auto... arguments) { return nss.by_uid(uid, arguments...); }));
      },
      "account by uid");
}

Result<std::vector<std::string>> NssDirectory::groups(const Account& account) {
  return ask<std::vector<std::string>>(
      [nss = functions_, account] { return groups_of(nss, account); }, "groups of an account");
}

}  // namespace twinlock
