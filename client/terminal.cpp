// SPDX-License-Identifier: MIT
#include "client/terminal.h"

#include <langinfo.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <string>

namespace twinlock::client {
namespace {

void show(std::string_view text) {
  while (!text.empty()) {
    const auto written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;  // nobody reads: the answer may come all the same
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Signals that would end or stop us wait in a descriptor instead, so that the terminal is put
// back before they do. Those that are ignored (nohup) stay ignored.
class PendingSignals {
 public:
  PendingSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) sigaddset(&held, signal);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
    descriptor_ = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  PendingSignals(const PendingSignals&) = delete;
  PendingSignals& operator=(const PendingSignals&) = delete;
  ~PendingSignals() {
    if (descriptor_ >= 0) close(descriptor_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  [[nodiscard]] int descriptor() const { return descriptor_; }

  // The next one that came, if one did.
  [[nodiscard]] std::optional<int> take() const {
    signalfd_siginfo info{};
    if (read(descriptor_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return {};
    return static_cast<int>(info.ssi_signo);
  }

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

// The terminal without echo, until it goes.
class EchoOff {
 public:
  EchoOff() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    // DRAIN, not FLUSH: who drives us through a terminal answers as soon as the JSON object is
    // there, which may be before this line runs.
    is_off_ = tcsetattr(STDIN_FILENO, TCSADRAIN, &silent) == 0;
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  ~EchoOff() {
    if (!is_off_) return;
    tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    show("\n");  // the Enter that was not echoed
  }

 private:
  termios before_{};
  bool is_off_ = false;
};

// Ctrl-Z, with the signal blocked: stop here, go on when continued.
void stop_now() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  (void)raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
}

// A line of standard input, byte by byte: what follows it belongs to the next question.
class LineReader {
 public:
  // Nothing while the line is not complete.
  std::optional<Reply> read_more() {
    char c = 0;
    const auto count = read(STDIN_FILENO, &c, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return std::nullopt;
    if (count <= 0) return length_ > 0 ? line() : Reply{NoAnswer::EndOfInput};
    if (c == '\n') return line();
    if (length_ < buffer_.size()) buffer_.bytes()[length_] = static_cast<std::uint8_t>(c);
    ++length_;
    return std::nullopt;
  }

 private:
  [[nodiscard]] Reply line() const {
    if (length_ > buffer_.size()) return NoAnswer::TooLong;
    return Secret(buffer_.bytes().first(length_));
  }

  Secret buffer_{Terminal::kMaxLine};
  std::size_t length_ = 0;
};

// Waits for the whole line, or the number of a signal.
std::variant<Reply, int> read_line(const PendingSignals& signals) {
  LineReader reader;
  std::array<pollfd, 2> sources{{{signals.descriptor(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
  for (;;) {
    if (poll(sources.data(), sources.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return Reply{NoAnswer::EndOfInput};
    }
    if (const auto signal = signals.take()) return *signal;
    if (sources[1].revents == 0) continue;
    if (auto reply = reader.read_more()) return std::move(*reply);
  }
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

}  // namespace

bool Terminal::can_ask() const { return isatty(STDIN_FILENO) == 1; }

bool Terminal::is_shown() const { return isatty(STDOUT_FILENO) == 1; }

std::optional<std::size_t> Terminal::columns() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

bool Terminal::is_utf8() const { return std::string_view(nl_langinfo(CODESET)) == "UTF-8"; }

QrStyle Terminal::qr_style() const {
  const auto term = environment("TERM");
  if (!is_shown() || term.empty() || term == "dumb") return QrStyle::Plain;
  return is_utf8() ? QrStyle::HalfBlocks : QrStyle::ColouredSpaces;
}

Reply Terminal::ask(std::string_view prompt, Echo echo) {
  const PendingSignals signals;
  for (;;) {
    std::optional<EchoOff> silence;
    if (can_ask()) {
      if (echo == Echo::Off) silence.emplace();
      show(prompt);
    }
    auto outcome = read_line(signals);
    if (auto* reply = std::get_if<Reply>(&outcome)) return std::move(*reply);

    const int signal = std::get<int>(outcome);
    silence.reset();
    if (signal != SIGTSTP) {
      interrupted_by_ = signal;
      return NoAnswer::Interrupted;
    }
    stop_now();
  }
}

Terminal::Answer Terminal::confirm(std::string_view question, Answer otherwise) {
  const bool yes_is_default = otherwise == Answer::Yes;
  const auto prompt = std::string(question) + (yes_is_default ? " [Y/n] " : " [y/N] ");
  const auto reply = ask(prompt, Echo::On);
  const auto* line = std::get_if<Secret>(&reply);
  if (line == nullptr) return Answer::No;
  const auto text = line->text();
  if (text.empty()) return otherwise;
  return text.front() == 'y' || text.front() == 'Y' ? Answer::Yes : Answer::No;
}

}  // namespace twinlock::client
