// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_RESERVE_FILE_H
#define TWINLOCK_DAEMON_STORE_RESERVE_FILE_H

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

namespace twinlock {

// Room on the disk that is ours to give up: a file of allocated blocks that is deleted when a write
// finds no space, so that logins go on while somebody cleans up (S132). Any thread.
class ReserveFile {
 public:
  static constexpr std::size_t kSize = std::size_t{16} << 20;
  // What has to be free before it is made: twice that.
  static constexpr const char* kWantedRoom = "32 MiB";

  ReserveFile(std::string path, std::size_t size) : path_(std::move(path)), size_(size) {}

  // Deletes the file at `path` if its disk is full, so that a store can be opened there.
  static void make_room_to_start(const std::string& path);

  // Makes the file if it isn't there whole and the disk has room for it twice. False if it hasn't.
  // One process at a time.
  bool ensure();
  // Whether it is there whole: another process may have given it up, or made it anew.
  bool look();
  // Deletes it. False if there was none.
  bool release();
  // Whether it is there, as far as the last call of the three above knows.
  [[nodiscard]] bool is_whole() const { return whole_; }

 private:
  [[nodiscard]] bool is_there() const;
  bool make();

  std::mutex mutex_;
  std::string path_;
  std::size_t size_;
  std::atomic<bool> whole_ = false;
};

}  // namespace twinlock

#endif
