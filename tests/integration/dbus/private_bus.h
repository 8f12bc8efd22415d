// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_DBUS_PRIVATE_BUS_H
#define TWINLOCK_TESTS_INTEGRATION_DBUS_PRIVATE_BUS_H

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace twinlock::testing {

// A directory that goes with the object. Others may walk through it, as through /run.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory();
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

void write_file(const std::filesystem::path& path, const std::string& text);
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// A program of ours, ended with the object.
class Process {
 public:
  // Runs `program` with `arguments`, both output streams in the file `log`, NAME=VALUE in
  // `environment` added.
  Process(const std::string& program,
          const std::vector<std::string>& arguments,
          const std::filesystem::path& log,
          const std::vector<std::string>& environment = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  void signal(int number) const;
  // Waits for its end, up to a minute; the exit status, or minus the signal.
  int wait();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
  bool ended_ = false;
  int status_ = 0;
};

enum class BusPolicy {
  Shipped,     // config/dbus/…, with our own uid for the user twinlock
  Permissive,  // anybody may send anything to anybody
};

// A dbus-daemon that nobody else uses.
class PrivateBus {
 public:
  PrivateBus(const ScratchDirectory& directory, BusPolicy policy);
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] Process& process() { return *process_; }

 private:
  std::string address_;
  std::unique_ptr<Process> process_;
};

}  // namespace twinlock::testing

#endif
