// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/domain/transcript.h"

namespace twinlock {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder{TWINLOCK_TEST_DIR "/transcripts"};

std::vector<std::string> transcripts() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class TranscriptsTest : public testing::TestWithParam<std::string> {};

TEST_P(TranscriptsTest, HappensAsWritten) {
  const auto path = kFolder / (GetParam() + ".txt");
  const auto written = read(path);
  const auto happened = Transcript().play(written);
  if (std::getenv("TWINLOCK_UPDATE_TRANSCRIPTS") != nullptr) std::ofstream(path) << happened;
  EXPECT_EQ(happened, written);
}

INSTANTIATE_TEST_SUITE_P(Logins, TranscriptsTest, testing::ValuesIn(transcripts()), [](auto& name) {
  return name.param;
});

}  // namespace
}  // namespace twinlock
