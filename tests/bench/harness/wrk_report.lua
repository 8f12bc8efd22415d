-- SPDX-License-Identifier: MIT
--
-- For wrk: one line with what it counted, times in microseconds.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("done\t%d\t%d\t%d\t%d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50)))
end
