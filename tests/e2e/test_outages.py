# SPDX-License-Identifier: MIT
"""When the daemon or the bus is not there, every login is denied soon, and says why in the log."""
import json
import os
import time

import pexpect
import pytest
from sandboxing import logins, system_bus

# S28: 7 s for the module. The rest is what a busy machine and an sshd with its own delays may add.
_SOON = 20


def at_code_prompt(sandbox, person):
    terminal = logins.ssh(sandbox.ssh, person.account)
    logins.type_password(terminal, person.account)
    terminal.expect(logins.CODE_PROMPT)
    terminal.waitnoecho()
    return terminal


def by_ssh(sandbox, person):
    terminal = logins.ssh(sandbox.ssh, person.account)
    logins.type_password(terminal, person.account)
    return terminal


def by_sudo(_, person):
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    return terminal


def by_login(_, person):
    terminal = logins.login(person.account)
    logins.type_password(terminal, person.account)
    return terminal


def by_su(sandbox, person):
    terminal = logins.su(sandbox.account, person.account)
    logins.type_password(terminal, person.account)
    return terminal


WAYS = [by_ssh, by_sudo, by_su, by_login]


def assert_denied_soon(terminal):
    started = time.monotonic()
    found = terminal.expect([logins.GRANTED, logins.CODE_PROMPT, r"[Ll]ogin:", r"\$ $",
                             logins.PASSWORD_PROMPT, pexpect.EOF], timeout=_SOON)
    assert found in (2, 4, 5), terminal.before
    assert time.monotonic() - started < _SOON
    return terminal.before


@pytest.mark.parametrize("way", WAYS)
def test_without_the_daemon_every_login_is_denied(sandbox, person, daemon, syslog, way):  # S28
    daemon.stop()
    shown = assert_denied_soon(way(sandbox, person))
    if way is not by_ssh:  # sshd keeps what isn't in a prompt to itself when the login fails
        assert "second factor unavailable" in shown.lower()
    assert "pam_twinlock" in syslog()


@pytest.mark.parametrize("way", WAYS)
def test_a_daemon_that_hangs_denies(sandbox, person, daemon, way):  # S23, S28
    daemon.freeze()
    try:
        assert_denied_soon(way(sandbox, person))
    finally:
        daemon.thaw()


@pytest.mark.parametrize("way", WAYS)
def test_without_the_bus_socket_every_login_is_denied(sandbox, person, way):  # S28
    socket, aside = system_bus.SOCKET, system_bus.SOCKET + ".aside"
    os.rename(socket, aside)
    try:
        assert_denied_soon(way(sandbox, person))
    finally:
        os.rename(aside, socket)


def test_a_login_waiting_at_the_prompt_survives_a_crash_of_the_daemon(
        sandbox, person, daemon):  # S42, S130
    terminal = at_code_prompt(sandbox, person)
    daemon.kill()
    daemon.start()
    terminal.sendline(person.authenticator.code())
    assert logins.outcome(terminal) == person.name


def test_a_crash_before_the_first_prompt_denies_once_and_the_next_login_works(
        sandbox, person, daemon):  # S130
    daemon.kill()
    assert_denied_soon(by_ssh(sandbox, person))
    daemon.start()
    terminal = at_code_prompt(sandbox, person)
    terminal.sendline(person.authenticator.code())
    assert logins.outcome(terminal) == person.name


def test_a_crash_after_the_login_forgets_no_used_code(sandbox, person, daemon):  # S130
    first = at_code_prompt(sandbox, person)
    first.sendline(person.authenticator.code())
    assert logins.outcome(first) == person.name
    daemon.kill()
    daemon.start()
    second = at_code_prompt(sandbox, person)
    second.sendline(person.authenticator.spent_code())
    assert logins.outcome(second) == "asked again"


def test_a_crash_forgets_no_failed_attempt(sandbox, person, daemon):  # S130
    terminal = at_code_prompt(sandbox, person)
    for _ in range(2):
        terminal.sendline(person.authenticator.wrong_code())
        assert logins.outcome(terminal) == "asked again"
        terminal.waitnoecho()
        daemon.kill()
        daemon.start()
    terminal.sendline(person.authenticator.wrong_code())
    assert logins.outcome(terminal) == "refused"


def test_a_used_code_is_on_the_disk_before_the_login_is_granted(
        person, daemon, tmp_path):  # S87, S131
    """What a power cut could take back must not have been answered yet."""
    trace = tmp_path / "trace"
    tracer = logins.spawn(["strace", "-f", "-qq", "-s", "4096", "-o", trace, "-e",
                           "trace=sendmsg,fdatasync,fsync", "-p", daemon.pid])
    logins.wait_until_traced(daemon.pid)
    terminal = logins.spawn(["pamtester", "twinlock", person.name, "authenticate"])
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect("successfully authenticated")
    tracer.sendintr()
    tracer.expect(pexpect.EOF)
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    asked = next(n for n, line in enumerate(lines) if "Verification code" in line)
    granted = next(n for n, line in enumerate(lines) if n > asked and "right-code" in line)
    synced = [line for line in lines[asked:granted] if "sync" in line and line.endswith("= 0")]
    assert synced, lines[asked:granted + 1]


@pytest.fixture
def policy_again():
    yield
    logins.run(["twinlock", "admin", "policy", "set", "all-applications"])
    logins.run(["twinlock", "admin", "factor", "enable", "otp"])


def test_root_on_the_console_gets_everybody_in_again_and_each_step_is_an_alert(
        sandbox, person, new_person, policy_again):  # S129, S149
    """With every authenticator lost: by commands over the bus, without a network or a code."""
    name = person.name
    for _ in range(3):
        terminal = at_code_prompt(sandbox, person)
        terminal.sendline(person.authenticator.wrong_code())
        assert logins.outcome(terminal) == "asked again"
        logins.hang_up(terminal)
    steps = {
        "user-unlocked": ["user", "unlock", name],
        "user-reset": ["user", "reset", name, "--yes"],
        "factor-changed": ["factor", "disable", "otp"],
        "policy-changed": ["policy", "set", "none"],
    }
    for step in steps.values():
        done = logins.run(["twinlock", "admin", *step])
        assert done.returncode == 0, done.stderr
    assert logins.outcome(by_ssh(sandbox, person)) == name
    assert logins.run(["twinlock", "admin", "factor", "enable", "otp"]).returncode == 0
    other = new_person().name  # whose authenticator root makes
    records = [json.loads(line) for line in
               logins.run(["twinlock", "admin", "log", "--json"]).stdout.splitlines()]
    for event in steps:
        newest = [record for record in records if record["event"] == event][-1]
        assert newest["severity"] == "alert" and newest["actor"] == "uid 0", newest
    enrolled = next(record for record in records
                    if record["event"] == "method-enrolled" and record["user"] == other)
    assert enrolled["severity"] == "alert"


def test_when_the_bus_goes_the_daemon_ends_and_logins_are_denied(
        sandbox, person, daemon):  # S45, S139
    sandbox.stop_bus()
    try:
        assert daemon.wait(30) != 0
        assert_denied_soon(by_ssh(sandbox, person))
    finally:
        sandbox.start_bus()
    daemon.start()
    terminal = at_code_prompt(sandbox, person)
    terminal.sendline(person.authenticator.code())
    assert logins.outcome(terminal) == person.name
