// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_CLIENT_COMMAND_H
#define TWINLOCK_TESTS_INTEGRATION_CLIENT_COMMAND_H

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock::client {

using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;  // beside the test's own

// How a run of the real `twinlock` ended.
struct Finished {
  int status;  // exit status, or minus the signal that killed it
  std::string out;
  std::string err;
};

// Runs `twinlock` without a terminal: standard input is a pipe with `input`.
[[nodiscard]] Finished run(const Arguments& arguments,
                           std::string_view input = {},
                           const Environment& environment = {});

// `twinlock` on a terminal of its own, 100 columns wide.
class TerminalRun {
 public:
  explicit TerminalRun(const Arguments& arguments, const Environment& environment = {});
  // A shell with job control there, whose prompt is "ready> ".
  static TerminalRun shell();
  TerminalRun(const TerminalRun&) = delete;
  TerminalRun& operator=(const TerminalRun&) = delete;
  ~TerminalRun();

  // Waits until `text` has been shown; fails the test if the command ends or hangs before.
  void expect(std::string_view text);
  // Types.
  void type(std::string_view keys) const;
  [[nodiscard]] bool echoes() const;
  // Waits for the end; what the shell would see, or minus the signal.
  [[nodiscard]] int wait();
  void send_signal(int signal) const;
  // Everything shown so far.
  [[nodiscard]] const std::string& screen() const { return screen_; }

 private:
  TerminalRun(const char* program, const Arguments& arguments, const Environment& environment);
  bool read_more();

  pid_t pid_ = -1;
  int terminal_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;  // what expect() has gone past
};

}  // namespace twinlock::client

#endif
