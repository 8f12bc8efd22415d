# SPDX-License-Identifier: MIT
"""How long the module waits where nobody answers: 7 s at most (S28).

Counted, not timed: a wait that ran out took what the module asked the kernel for, however slow the
machine is. What libpam waits afterwards, because of S24, is a select(2).
"""
import re
import signal

from sandboxing import logins

_LIMIT = 7
_WAITS = "poll,ppoll,epoll_wait,epoll_pwait,clock_nanosleep"
_RAN_OUT = re.compile(r"(?P<call>\w+)\(.*\) += 0(?: \(Timeout\))?$")
_SPEC = re.compile(r"\{tv_sec=(\d+), tv_nsec=(\d+)\}")
_MILLISECONDS = re.compile(r", (\d+)\) += 0")


def seconds_of(line):
    """How long a call waited that ended by itself; nothing for one that something ended."""
    if not _RAN_OUT.search(line):
        return 0
    if spec := _SPEC.search(line):
        return int(spec[1]) + int(spec[2]) / 1e9
    return int(_MILLISECONDS.search(line)[1]) / 1000


def seconds_waited(person, trace):
    """A denied login of the second factor alone, and what its waits add up to."""
    result = logins.run(["strace", "-f", "-qq", "-s", "0", "-o", trace, "-e", f"trace={_WAITS}",
                         "pamtester", "twinlock", person.name, "authenticate"])
    assert result.returncode != 0
    shown = result.stdout + result.stderr
    assert "second factor unavailable" in shown.lower(), shown
    return sum(map(seconds_of, trace.read_text(encoding="utf-8").splitlines()))


def test_the_waits_of_a_trace_are_added_up():
    assert seconds_of("7 ppoll([{fd=3}], 1, {tv_sec=4, tv_nsec=500000000}, NULL, 8)"
                      " = 0 (Timeout)") == 4.5
    assert seconds_of("7 poll([{fd=3, events=POLLIN}], 1, 5000) = 0 (Timeout)") == 5
    assert seconds_of("7 clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=250000000}, NULL)"
                      " = 0") == 0.25
    assert seconds_of("7 ppoll([{fd=3}], 1, {tv_sec=4, tv_nsec=0}, NULL, 8)"
                      " = 1 ([{fd=3, revents=POLLIN}], left {tv_sec=3, tv_nsec=9})") == 0


def test_a_daemon_that_hangs_is_waited_for_up_to_the_limit(person, daemon, tmp_path):  # S28
    daemon.freeze()
    try:
        assert 2 < seconds_waited(person, tmp_path / "trace") <= _LIMIT
    finally:
        daemon.thaw()


def test_a_daemon_that_was_stopped_isnt_waited_for_longer(person, daemon, tmp_path):  # S28
    daemon.stop()
    assert seconds_waited(person, tmp_path / "trace") <= _LIMIT


def test_a_bus_that_hangs_is_waited_for_up_to_the_limit(sandbox, person, tmp_path):  # S28
    sandbox.signal_bus(signal.SIGSTOP)
    try:
        assert 1 < seconds_waited(person, tmp_path / "trace") <= _LIMIT
    finally:
        sandbox.signal_bus(signal.SIGCONT)


def test_without_a_bus_nothing_is_waited_for(sandbox, person, daemon, tmp_path):  # S28
    sandbox.stop_bus()
    try:
        assert daemon.wait(30) != 0
        assert seconds_waited(person, tmp_path / "trace") <= _LIMIT
    finally:
        sandbox.start_bus()
