// SPDX-License-Identifier: MIT
//
// A directory that hangs or fails, behind the real NSS of the C library (S47).
#include <gmock/gmock.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto kHidden = static_cast<std::uint32_t>(wire::StepKind::PromptHidden);
constexpr auto kUnavailable = static_cast<std::uint32_t>(wire::StepKind::Unavailable);

class Directory : public DaemonTest {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to mount";
    write_file(directory_ / "nsswitch.conf", "passwd: files twintest\ngroup: files\n");
    wrapper_ = {"unshare",
                "--mount",
                "sh",
                "-c",
                R"(mount --bind "$0" /etc/nsswitch.conf && exec "$@")",
                (directory_ / "nsswitch.conf").string()};
    environment_.push_back(std::string("LD_LIBRARY_PATH=") + TWINLOCK_NSS_DIRECTORY);
    start();
  }
};

TEST_F(Directory, ThatFailsIsUnavailableAndNeverExempt) {
  const auto bus = root();
  EXPECT_EQ(begin(bus.get(), fresh_nonce(), "err-user").kind, kUnavailable) << "no policy";
  demand_factor(bus.get());
  EXPECT_EQ(begin(bus.get(), fresh_nonce(), "err-user").kind, kUnavailable);
  EXPECT_EQ(begin(bus.get(), fresh_nonce(), "no-such-user").kind, kHidden) << "nobody is there";
}

// S148
TEST_F(Directory, ThatNoLongerHasAnAccountLetsItsMethodsBePurgedAndOneThatFailsDoesNot) {
  demand_factor(root().get());
  enroll(root().get(), "nobody");
  stop_daemon();
  // "nobody" enrolled for three that are not here any more, two of them gone for 40 days.
  const std::string gone_since = "(unixepoch() - 40 * 86400) * 1000, (unixepoch() - 3600) * 1000";
  sql("INSERT INTO method (owner, uid, id, type, name, weak, created, key)"
      " SELECT 'departed', 4711, randomblob(16), type, name, weak, created, key FROM method"
      " UNION ALL"
      " SELECT 'err-user', 4712, randomblob(16), type, name, weak, created, key FROM method"
      " UNION ALL"
      " SELECT 'leaver', 4713, randomblob(16), type, name, weak, created, key FROM method");
  sql("INSERT INTO user_record (owner, uid, created, updated, connection, version, key)"
      " SELECT owner, uid, created, created, 'unix', 1, 0 FROM method WHERE owner <> 'nobody'");
  sql("INSERT INTO absence VALUES ('departed', 4711, " + gone_since + ")");
  sql("INSERT INTO absence VALUES ('err-user', 4712, " + gone_since + ")");
  start_daemon();
  await_log("the account leaver (uid 4713) is gone");
  EXPECT_EQ(log().find("account-purged"), std::string::npos) << "right after a start";
  daemon_->signal(SIGHUP);
  await_log("account-purged");
  stop_daemon();
  EXPECT_EQ(sql("SELECT group_concat(owner) FROM (SELECT owner FROM method ORDER BY owner)"),
            "err-user,leaver,nobody");
}

// The bus thread answers, and so do logins of others, while a lookup hangs. The bounds allow for a
// busy machine; lookups one after the other would take more than a minute.
TEST_F(Directory, ThatHangsDelaysNobodyElse) {
  const auto bus = root();
  demand_factor(bus.get());
  for (int i = 0; i < 40; ++i) {  // more than there are threads for lookups
    sd_bus_message* raw = nullptr;
    sd_bus_message_new_method_call(
        bus.get(), &raw, wire::kRootBusName, wire::kObjectPath, wire::kLoginInterface, "Begin");
    const BusMessage message(raw);
    const auto nonce = fresh_nonce();
    sd_bus_message_append_array(raw, 'y', nonce.data(), nonce.size());
    sd_bus_message_append(raw, "sssssssu", "hang-user", "sshd", "", "", "", "", "C", 1U);
    sd_bus_send(bus.get(), raw, nullptr);
  }
  const auto other = root();
  const auto before = std::chrono::steady_clock::now();
  const auto ping = call(other.get(), "org.freedesktop.DBus.Peer", "Ping");
  EXPECT_EQ(ping.error, "");
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
  const auto judged = begin(other.get(), fresh_nonce(), "hang-user");
  EXPECT_EQ(judged.kind, kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 40s);
}

// Processes of a dozen uids that ask the daemon who they are, again and again, until this goes.
class Crowd {
 public:
  explicit Crowd(const std::string& address) {
    for (uid_t uid = 60000; uid < 60012; ++uid) {
      const pid_t child = fork();
      if (child == 0) {
        (void)as_uid(uid, [&address]() -> std::string {
          prctl(PR_SET_PDEATHSIG, SIGKILL);
          const auto bus = connect(address);
          for (;;) {
            (void)call(bus.get(), wire::kEnrollmentInterface, "Status", {}, wire::kBusName);
            usleep(50'000);  // once it is refused at once, it shall not take the machine's time
          }
        });
        _exit(0);
      }
      children_.push_back(child);
    }
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd() {
    for (const pid_t child : children_) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
  }

 private:
  std::vector<pid_t> children_;
};

// S39, S47: lookups that users ask for, and that all hang, take no thread from those of logins.
TEST_F(Directory, ThatHangsForUsersAnswersLogins) {
  const auto bus = root();
  demand_factor(bus.get());
  const Crowd crowd(address());
  for (int login = 0; login < 50; ++login) {
    const auto user = "user-" + std::to_string(login);  // each may begin so many in an hour
    ASSERT_EQ(begin(bus.get(), fresh_nonce(), user).kind, kHidden) << user;
    std::this_thread::sleep_for(100ms);  // so that the crowd has the time to take every thread
  }
}

}  // namespace
}  // namespace twinlock::testing
