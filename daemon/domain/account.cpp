// SPDX-License-Identifier: MIT
#include "daemon/domain/account.h"

#include <algorithm>

namespace twinlock {
namespace {

constexpr std::size_t kMaxAccountName = 256;
constexpr std::size_t kMaxServiceName = 64;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view name, std::string_view punctuation, std::size_t longest) {
  return !name.empty() && name.size() <= longest &&
         std::all_of(name.begin(), name.end(), [punctuation](char c) {
           return is_alphanumeric(c) || punctuation.find(c) != std::string_view::npos;
         });
}

}  // namespace

bool is_account_name(std::string_view name) {
  return consists_of(name, "._@+$\\-", kMaxAccountName);
}

bool is_service_name(std::string_view name) { return consists_of(name, "._-", kMaxServiceName); }

}  // namespace twinlock
