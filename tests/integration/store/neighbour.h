// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_STORE_NEIGHBOUR_H
#define TWINLOCK_TESTS_INTEGRATION_STORE_NEIGHBOUR_H

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace twinlock::testing {

// A running store_neighbour (neighbour_main.cpp), killed with the object.
class Neighbour {
 public:
  // Returns once it has opened the store. Throws, with what it said, if it ended instead.
  Neighbour(const std::string& directory, const std::string& key_file, const char* seat);
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;
  ~Neighbour();

  // Waits until it has told of so many more records. Throws if it ended.
  void await_records(std::size_t more);
  void kill();  // -9, at whatever it is at
  // Asks it to end, and waits until it has; its exit status.
  int end();

  // What it has told of, all of it once it has ended: the details of its records.
  [[nodiscard]] const std::vector<std::string>& records() const { return records_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  [[nodiscard]] bool read_some();
  int wait();

  pid_t pid_ = -1;
  int output_ = -1;
  std::string line_;  // the last one, as far as it has come
  bool ready_ = false;
  std::vector<std::string> records_;
};

}  // namespace twinlock::testing

#endif
