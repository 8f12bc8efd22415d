// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_DOMAIN_VECTORS_H
#define TWINLOCK_TESTS_UNIT_DOMAIN_VECTORS_H

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace twinlock {

// The words of each line of tests/vectors/`name`, comments left out.
inline std::vector<std::vector<std::string>> read_vectors(const std::string& name) {
  std::ifstream file(TWINLOCK_TEST_DIR "/vectors/" + name);
  if (!file) throw std::runtime_error("no vectors: " + name);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    auto& split = lines.emplace_back();
    for (std::string word; words >> word;) split.push_back(word);
  }
  return lines;
}

}  // namespace twinlock

#endif
