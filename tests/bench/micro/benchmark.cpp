// SPDX-License-Identifier: MIT
//
// The bodies by the clock, with Google Benchmark: seven repetitions, medians. Its own options apply
// (--benchmark_filter=totp, --benchmark_format=json).
#include <benchmark/benchmark.h>

#include "tests/bench/micro/body.h"

namespace {

constexpr int kRepetitions = 7;

void add(const twinlock::bench::Body& body) {
  auto* const added = benchmark::RegisterBenchmark(body.name.c_str(), [body](auto& state) {
    const auto once = body.prepare(body.iterations);
    for (auto _ : state) once();
  });
  added->Repetitions(kRepetitions)->ReportAggregatesOnly()->UseRealTime();
  if (body.iterations > 0)
    added->Iterations(static_cast<benchmark::IterationCount>(body.iterations));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const auto& body : twinlock::bench::all_bodies()) add(body);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
