// SPDX-License-Identifier: MIT
//
// The module as it ships, in a program that holds its memory and its system calls in hand: the
// functions below stand in front of libc's for libpam and the module. Built without
// sanitizers, which want the same place. The daemon is another process, so that what is found or
// fails here is the caller's.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <poll.h>
#include <security/pam_appl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "tests/integration/pam/private_bus.h"
#include "tests/integration/pam/scripted_daemon.h"
#include "tests/unit/pam_module/pam_login.h"

namespace {

// The answer, never spelled in this program's memory but where the person types it.
constexpr unsigned char kMask = 0x5a;
constexpr std::string_view kAnswer = "MARK-7391-KRAM-4826";
constexpr auto kMasked = [] {
  std::array<unsigned char, kAnswer.size()> masked{};
  for (std::size_t i = 0; i < masked.size(); ++i) {
    masked[i] = static_cast<unsigned char>(static_cast<unsigned char>(kAnswer[i]) ^ kMask);
  }
  return masked;
}();

void unmask(char* text) {
  for (std::size_t i = 0; i < kMasked.size(); ++i) text[i] = static_cast<char>(kMasked[i] ^ kMask);
}

bool holds_answer(const void* block, std::size_t size) {
  const auto* const bytes = static_cast<const unsigned char*>(block);
  // Half of it would be found as well: allocators write over the first bytes of a block.
  constexpr std::size_t kHalf = kMasked.size() / 2;
  for (std::size_t i = 0; i + kHalf <= size; ++i) {
    const auto same = [](unsigned char a, unsigned char b) { return (a ^ kMask) == b; };
    if (std::equal(bytes + i, bytes + i + kHalf, kMasked.end() - kHalf, same)) return true;
  }
  return false;
}

bool watching = false;
int dirty_blocks = 0;

bool armed = false;
int calls = 0;
int failing_call = -1;

// Whether this call is the one that fails.
bool fails(int error) {
  if (!armed || calls++ != failing_call) return false;
  errno = error;
  return true;
}

// libc's own, behind ours of the same name.
template <typename Function>
Function* behind(Function* /*ours*/, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming): glibc's names
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void __libc_free(void* block);
// NOLINTEND(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)

void* malloc(std::size_t size) { return fails(ENOMEM) ? nullptr : __libc_malloc(size); }

void* calloc(std::size_t nmemb, std::size_t size) {
  return fails(ENOMEM) ? nullptr : __libc_calloc(nmemb, size);
}

void free(void* ptr) {
  if (watching && ptr != nullptr && holds_answer(ptr, malloc_usable_size(ptr))) ++dirty_blocks;
  __libc_free(ptr);
}

// Always moves, so that every old block is looked at.
void* realloc(void* ptr, std::size_t size) {
  if (fails(ENOMEM)) return nullptr;
  void* const moved = __libc_malloc(size);
  if (ptr != nullptr && moved != nullptr) {
    std::memcpy(moved, ptr, std::min(size, malloc_usable_size(ptr)));
    free(ptr);
  }
  return moved;
}

int socket(int domain, int type, int protocol) {
  static auto* const real = behind(&socket, "socket");
  return fails(EIO) ? -1 : real(domain, type, protocol);
}

int connect(int fd, const sockaddr* addr, socklen_t len) {
  static auto* const real = behind(&connect, "connect");
  return fails(EIO) ? -1 : real(fd, addr, len);
}

ssize_t send(int fd, const void* buf, std::size_t n, int flags) {
  static auto* const real = behind(&send, "send");
  return fails(EIO) ? -1 : real(fd, buf, n, flags);
}

ssize_t recv(int fd, void* buf, std::size_t n, int flags) {
  static auto* const real = behind(&recv, "recv");
  return fails(EIO) ? -1 : real(fd, buf, n, flags);
}

ssize_t getrandom(void* buffer, std::size_t length, unsigned int flags) {
  static auto* const real = behind(&getrandom, "getrandom");
  return fails(EIO) ? -1 : real(buffer, length, flags);
}

int poll(pollfd* fds, nfds_t nfds, int timeout) {
  static auto* const real = behind(&poll, "poll");
  return fails(EIO) ? -1 : real(fds, nfds, timeout);
}

}  // extern "C"
#pragma GCC visibility pop

namespace twinlock::test {
namespace {

// A daemon in a process of its own, gone with the object.
class DaemonProcess {
 public:
  DaemonProcess(const std::string& address, const Script& script) {
    std::array<int, 2> ready{};
    if (pipe(ready.data()) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve_logins(address, script, -1, [&ready] {
        if (write(ready[1], "r", 1) != 1) _exit(1);
      });
      _exit(0);
    }
    close(ready[1]);
    char byte = 0;
    const bool started = ::read(ready[0], &byte, 1) == 1;
    close(ready[0]);
    if (!started) throw std::runtime_error("the daemon did not start");
  }
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;
  ~DaemonProcess() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_ = -1;
};

// Types the answer at every prompt; nothing fails in here, since this is the program's part.
int type_answer(int count, const pam_message** messages, pam_response** replies, void* /*self*/) {
  const bool was_armed = std::exchange(armed, false);
  *replies =
      static_cast<pam_response*>(calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
  if (messages[0]->msg_style == PAM_PROMPT_ECHO_OFF) {
    (*replies)->resp = static_cast<char*>(calloc(1, kMasked.size() + 1));
    unmask((*replies)->resp);
  }
  armed = was_armed;
  return PAM_SUCCESS;
}

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

void no_delay(int /*code*/, unsigned int /*microseconds*/, void* /*self*/) {}

class PamModuleAlone : public testing::Test {
 protected:
  PamModuleAlone() {
    write_file(directory_ / "sudo",
               "auth required " TWINLOCK_PLAIN_MODULE " bus=" + bus_.address() + "\n");
    write_file(directory_ / "other", "auth required pam_deny.so\n");
  }

  // One login, of which `work` does the authentication.
  int login(const std::function<int(pam_handle_t*)>& work) {
    const pam_conv person{type_answer, nullptr};
    pam_handle_t* handle = nullptr;
    pam_start_confdir("sudo", "alice", &person, directory_.path().c_str(), &handle);
    const auto delay = &no_delay;
    pam_set_item(handle, PAM_FAIL_DELAY, reinterpret_cast<const void*>(delay));
    const int code = work(handle);
    pam_end(handle, code);
    return code;
  }

  int login_with_failure(int n) {
    return login([n](pam_handle_t* handle) {
      calls = 0;
      failing_call = n;
      armed = true;
      const int code = pam_authenticate(handle, 0);
      armed = false;
      return code;
    });
  }

  PrivateBus bus_;
  TemporaryDirectory directory_;
};

TEST_F(PamModuleAlone, LeavesNoAnswerInFreedMemory) {  // S19
  for (const std::uint32_t decision : {5U, 7U, 99U}) {
    const DaemonProcess daemon(bus_.address(), [decision](const Call& call) -> Action {
      return {.kind = call.method == "Begin" ? 1U : decision, .text = "Verification code: "};
    });
    watching = true;
    dirty_blocks = 0;
    login([](pam_handle_t* handle) { return pam_authenticate(handle, 0); });
    watching = false;
    EXPECT_EQ(dirty_blocks, 0) << "decision " << decision;
  }
}

TEST_F(PamModuleAlone, WouldBeCaughtLeavingOne) {  // the test above can fail
  watching = true;
  dirty_blocks = 0;
  char* const block = static_cast<char*>(malloc(100));
  unmask(block + 40);
  asm volatile("" : : "r"(block) : "memory");
  free(block);
  watching = false;
  EXPECT_EQ(dirty_blocks, 1);
}

// S01: each allocation and each system call on the way to the daemon fails once. Where the daemon
// denies, nothing that fails here may let anybody in.
TEST_F(PamModuleAlone, NeverLetsInWhomTheDaemonDeniesWhateverFails) {
  const DaemonProcess daemon(bus_.address(), grants_for("another code"));
  ASSERT_EQ(login_with_failure(-1), PAM_AUTH_ERR);
  const auto descriptors = open_descriptors();
  int n = 0;
  for (;; ++n) {
    const int code = login_with_failure(n);
    if (calls <= n) break;  // call n never came: each before it has failed once
    EXPECT_NE(code, PAM_SUCCESS) << "call " << n;
    EXPECT_NE(code, PAM_IGNORE) << "call " << n;
    EXPECT_NE(code, PAM_USER_UNKNOWN) << "call " << n;           // S03
    EXPECT_EQ(open_descriptors(), descriptors) << "call " << n;  // S07
  }
  EXPECT_GT(n, 50);
}

// The same with a daemon that grants: a failure may cost the login, or not matter, but never turns
// it into one that needed no factor.
TEST_F(PamModuleAlone, NeverExemptsWhomTheDaemonGrantsWhateverFails) {  // S02
  const DaemonProcess daemon(bus_.address(), decides(5));
  ASSERT_EQ(login_with_failure(-1), PAM_SUCCESS);
  for (int n = 0;; ++n) {
    const int code = login_with_failure(n);
    if (calls <= n) break;
    EXPECT_NE(code, PAM_IGNORE) << "call " << n;
  }
}

}  // namespace
}  // namespace twinlock::test
