// SPDX-License-Identifier: MIT
//
// The real twinlockd with `serve --http`, from its settings to the last answer.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>

#include "tests/integration/http/harness.h"

namespace twinlock::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// twinlockd on a store of its own, on a port that was free a moment ago.
class Daemon {
 public:
  explicit Daemon(const std::string& http = "", std::uint16_t port = 0) : port_(port) {
    if (port_ == 0) port_ = TestServer().port();
    mkdir((directory_ / "store").c_str(), 0700);
    std::ofstream(settings()) << "[store]\ndirectory = \"" << directory_ / "store"
                              << "\"\n[keys]\nfile = \"" << directory_ / "key"
                              << "\"\n[http]\nlisten = [\"127.0.0.1:" << port_ << "\"]\n"
                              << http;
    run("generate-key " + directory_ / "key");
    run("create-store --config " + settings());
    pid_ = fork();
    if (pid_ == 0) {
      execl(TWINLOCKD, "twinlockd", "serve", "--http", "--config", settings().c_str(), nullptr);
      _exit(127);
    }
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon() { static_cast<void>(end()); }

  int end() {
    if (pid_ <= 0) return -1;
    kill(pid_, SIGTERM);
    return await_end();
  }
  int await_end() {
    int status = -1;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  // The answer to a GET, once the daemon listens.
  [[nodiscard]] std::string get(const std::string& path, const std::string& options = "") const {
    const auto scheme = options.find("--cacert") == std::string::npos ? "http" : "https";
    return run_command(
               "curl -sSi --retry 200 --retry-connrefused --retry-delay 1 --retry-max-time 60 "
               "--max-time 60 " +
               options + " " + scheme + "://localhost:" + std::to_string(port_) + path)
        .output;
  }
  void reload() const { kill(pid_, SIGHUP); }
  [[nodiscard]] const TemporaryDirectory& directory() const { return directory_; }
  [[nodiscard]] std::string settings() const { return directory_ / "twinlock.toml"; }

 private:
  static void run(const std::string& arguments) {
    const auto result = run_command(std::string(TWINLOCKD) + " " + arguments);
    EXPECT_EQ(result.status, 0) << result.output;
  }

  TemporaryDirectory directory_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

TEST(HttpDaemon, AnswersWhenAskedAboutItsHealth) {  // S72
  Daemon daemon;
  EXPECT_THAT(daemon.get("/healthz"), AllOf(HasSubstr(" 200 OK"), HasSubstr(R"({"status":"ok"})")));
  const auto ready = daemon.get("/readyz");
  EXPECT_THAT(ready, AllOf(HasSubstr(" 200 OK"), HasSubstr(R"({"status":"ready"})")));
  EXPECT_THAT(ready,
              AllOf(HasSubstr("X-Content-Type-Options: nosniff"),  // S60
                    HasSubstr("Cache-Control: no-store"),
                    Not(HasSubstr("Server:")),
                    Not(HasSubstr("0.1.0"))));
  EXPECT_THAT(daemon.get("/api/v2/nothing"), HasSubstr(" 404 Not Found"));
  EXPECT_THAT(daemon.get("/healthz", "-H 'Host: evil.example'"), HasSubstr(" 421 "));  // S61
  EXPECT_EQ(daemon.end(), 0);
}

TEST(HttpDaemon, TakesItsCertificateAgainWhenItIsReloaded) {  // S51
  const TemporaryDirectory certificates;
  const auto first = make_certificate(certificates, "first");
  const auto used = certificates / "used.pem";
  const auto key = certificates / "used.key";
  const auto use = [&used, &key](const TestCertificate& one) {
    return run_command("cp " + one.certificate + " " + used + " && cp --remove-destination -p " +
                       one.key + " " + key)
        .status;
  };
  ASSERT_EQ(use(first), 0);
  Daemon daemon("certificate = \"" + used + "\"\nkey = \"" + key + "\"\n");
  EXPECT_THAT(daemon.get("/healthz", "--cacert " + first.certificate), HasSubstr(" 200 OK"));
  const auto second = make_certificate(certificates, "second");
  ASSERT_EQ(use(second), 0);
  daemon.reload();
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (daemon.get("/healthz", "--cacert " + second.certificate).find(" 200 OK") ==
         std::string::npos) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
  }
  EXPECT_EQ(daemon.end(), 0);
}

TEST(HttpDaemon, EndsWhereItCanNotListen) {
  const TestServer holder;
  Daemon daemon("", holder.port());
  EXPECT_EQ(daemon.await_end(), 73);
}

}  // namespace
}  // namespace twinlock::http
