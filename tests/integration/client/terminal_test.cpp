// SPDX-License-Identifier: MIT
#include "tests/integration/client/fixture.h"

namespace twinlock::client {
namespace {

using testing::HasSubstr;
using testing::Not;

class TerminalTest : public ClientTest {
 protected:
  void SetUp() override {
    Script script;
    script.steps = {prompt("Verification code: "), decision(wire::StepKind::Granted, "totp")};
    start(script);
  }
};

TEST_F(TerminalTest, CtrlCRestoresEcho) {
  TerminalRun terminal(on_bus({"test"}));
  terminal.expect("Verification code: ");
  ASSERT_FALSE(terminal.echoes());
  terminal.type("\x03");
  terminal.expect("\r\n");
  EXPECT_EQ(terminal.wait(), -SIGINT);
  EXPECT_TRUE(terminal.echoes());
}

TEST_F(TerminalTest, SigtermRestoresEchoToo) {
  TerminalRun terminal(on_bus({"test"}));
  terminal.expect("Verification code: ");
  ASSERT_FALSE(terminal.echoes());
  terminal.send_signal(SIGTERM);
  EXPECT_EQ(terminal.wait(), -SIGTERM);
  EXPECT_TRUE(terminal.echoes());
}

TEST_F(TerminalTest, WhileStoppedTheTerminalEchoesAndAfterwardsTheQuestionIsAskedAgain) {
  auto shell = TerminalRun::shell();
  shell.expect("ready> ");
  shell.type(std::string(TWINLOCK_COMMAND) + " --bus '" + bus_.address() + "' test\n");
  shell.expect("Verification code: ");
  shell.type("\x1A");  // Ctrl-Z
  shell.expect("ready> ");
  EXPECT_TRUE(shell.echoes());
  shell.type("fg\n");
  shell.expect("Verification code: ");
  EXPECT_FALSE(shell.echoes());
  shell.type("123456\n");
  shell.expect("granted");
  shell.expect("ready> ");
  shell.type("exit\n");
  EXPECT_EQ(shell.wait(), 0);
  EXPECT_THAT(shell.screen(), Not(HasSubstr("123456")));
}

TEST_F(TerminalTest, CtrlDIsNoAnswer) {
  TerminalRun terminal(on_bus({"test"}));
  terminal.expect("Verification code: ");
  terminal.type("\x04");
  EXPECT_EQ(terminal.wait(), 1);
  EXPECT_TRUE(terminal.echoes());
}

TEST_F(TerminalTest, InTheCLocaleTheQrCodeIsOfAsciiAndColours) {
  TerminalRun terminal(on_bus({"enroll", "totp"}), {{"LC_ALL", "C"}});
  terminal.expect("Code that the app shows now: ");
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), -SIGINT);
  for (const char c : terminal.screen()) ASSERT_LT(static_cast<unsigned char>(c), 0x80);
}

}  // namespace
}  // namespace twinlock::client
