// SPDX-License-Identifier: MIT
#include "tests/bench/timer/case_file.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace twinlock::bench {
namespace {

void read_line(Case& current, const std::string& line) {
  std::istringstream words(line);
  std::string key;
  words >> key;
  if (key == "service") {
    words >> current.service;
  } else if (key == "command") {
    for (std::string word; words >> word;) current.command.push_back(word);
    words.clear();
  } else if (key == "as-user") {
    current.as_user = true;
  } else if (key == "users") {
    words >> current.users;
  } else if (key == "answer") {
    words >> current.answer;
    if (current.answer == "text") words >> current.text;
  } else if (key == "put-back") {
    auto& file = current.put_back.emplace_back();
    words >> file.first >> file.second;
  } else if (key == "expect") {
    words >> current.expect;
  } else {
    throw std::runtime_error("no such key: " + line);
  }
  if (!words) throw std::runtime_error("something is missing: " + line);
}

}  // namespace

std::vector<Case> read_cases(const std::string& file) {
  std::ifstream lines(file);
  if (!lines) throw std::runtime_error(file + ": can't be read");
  std::vector<Case> cases;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    if (line.starts_with("case ")) {
      cases.emplace_back().name = line.substr(5);
    } else if (cases.empty()) {
      throw std::runtime_error("before the first case: " + line);
    } else {
      read_line(cases.back(), line);
    }
  }
  if (cases.empty()) throw std::runtime_error(file + ": no case");
  return cases;
}

}  // namespace twinlock::bench
