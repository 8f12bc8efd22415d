# SPDX-License-Identifier: MIT
"""Callers with nobody to ask are refused at once, and nothing is counted against the user (S27)."""
import time

from sandboxing import logins


def assert_nothing_counted(person):
    """Three failures would have held the next code back."""
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == "root"


def test_sudo_that_may_not_ask_is_refused(person):
    for _ in range(4):
        result = logins.run(logins.as_user(person.account, "sudo", "-k", "-n", "id"))
        assert result.returncode != 0 and "uid=" not in result.stdout
    assert_nothing_counted(person)


def test_sudo_without_a_terminal_is_refused(person):
    for _ in range(4):
        result = logins.run(["setsid", *logins.as_user(person.account, "sudo", "-k", "id")])
        assert result.returncode != 0 and "uid=" not in result.stdout
    assert_nothing_counted(person)


def test_ssh_in_batch_mode_is_refused_at_once(sandbox, person):
    started = time.monotonic()
    for _ in range(4):
        result = logins.run(logins.ssh_command(sandbox.ssh, person.account, "id", key=True,
                                               options=["BatchMode=yes"]))
        assert result.returncode == 255 and "uid=" not in result.stdout
    assert time.monotonic() - started < 40  # four refusals, none of which waits for an answer
    assert_nothing_counted(person)


def test_a_program_without_answers_is_refused(sandbox, person):
    for _ in range(4):
        result = logins.run(["pamtester", "twinlock", person.name, "authenticate"])
        assert result.returncode != 0
    assert_nothing_counted(person)
