// SPDX-License-Identifier: MIT
#include "daemon/workplace.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>

#include "daemon/application.h"
#include "daemon/system/effective_user.h"
#include "daemon/system/guarded_path.h"

namespace twinlock {
namespace {

uid_t owner_of(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 ? status.st_uid : 0;
}

}  // namespace

Result<std::string> find_key_file(const Settings& settings) {
  return guarded_path(key_file_of(settings), PathEnd::Kept);
}

Result<std::string> find_store(const Settings& settings, const std::string& key_file) {
  const auto& directory = settings.store_directory;
  if (access(directory.c_str(), F_OK) == 0 || errno != ENOENT) {
    return guarded_path(directory, PathEnd::Followed);
  }
  return Error{ErrorCode::Unavailable,
               directory + ": there is no such directory; make it first: install -d -o " +
                   std::to_string(owner_of(key_file)) + " -m 700 " + directory};
}

Status check_owner(const std::string& directory, const std::string& key_file) {
  if (geteuid() != 0 || owner_of(directory) != 0) return Done{};
  const auto database = directory + "/store.db";
  const auto& telling = owner_of(database) != 0 ? database : key_file;
  const auto daemon = owner_of(telling);
  if (daemon == 0) return Done{};
  const auto uid = std::to_string(daemon);
  return Error{ErrorCode::Unavailable,
               directory + ": belongs to root, and " + telling + " to uid " + uid +
                   ", so that twinlockd could not use a store of root's; run: chown " + uid + ' ' +
                   directory + " && chmod 700 " + directory + ", then this command again"};
}

Result<std::unique_ptr<CredentialKeyRing>> open_keys(const std::string& key_file) {
  // Where that can't be, the file can't be read, and that is told best.
  const EffectiveUser owner(key_file);
  return CredentialKeyRing::open(
      key_file, [](const std::string& text) { std::cerr << "twinlockd: " << text << '\n'; });
}

}  // namespace twinlock
