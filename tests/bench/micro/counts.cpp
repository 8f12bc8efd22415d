// SPDX-License-Identifier: MIT
//
// micro_counts                    prints the names of all bodies
// micro_counts BODY ITERATIONS    prepares always the same and runs the body so many times: under
//                                 callgrind, the difference of two counts is the body alone
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "tests/bench/micro/body.h"

namespace {

constexpr std::size_t kPrepared = 100;

}  // namespace

int main(int argc, char** argv) {
  try {
    for (const auto& body : twinlock::bench::all_bodies()) {
      if (argc < 3) {
        printf("%s\n", body.name.c_str());
      } else if (body.name == argv[1]) {
        const auto once = body.prepare(kPrepared);
        for (int i = 0; i < std::stoi(argv[2]); ++i) once();
        return 0;
      }
    }
    return argc < 3 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "micro_counts: " << error.what() << '\n';
    return 2;
  }
}
