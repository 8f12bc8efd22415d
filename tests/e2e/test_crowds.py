# SPDX-License-Identifier: MIT
"""Many logins at the same moment; TWINLOCK_CROWDS is how often sixteen race for one code."""
import os

import pytest
from sandboxing import logins

_RIVALS = 16
_ROUNDS = int(os.environ.get("TWINLOCK_CROWDS", "10"))
_WAITING = 400
_AT_ONCE = 20


@pytest.fixture(scope="module")
def settings():
    """The limits on one user's conversations are not what is tested here."""
    return "\n[limits]\nlive_conversations_per_user = 500\nconversations_per_hour = 5000\n"


def test_of_sixteen_ssh_logins_with_one_code_one_is_granted(sandbox, person):
    terminals = [logins.ssh(sandbox.ssh, person.account, key=True) for _ in range(_RIVALS)]
    for terminal in terminals:
        terminal.expect(logins.CODE_PROMPT)
        terminal.waitnoecho()
    code = person.authenticator.code()
    for terminal in terminals:
        terminal.sendline(code)
    outcomes = [logins.outcome(terminal) for terminal in terminals]
    for terminal in terminals:
        logins.hang_up(terminal)
    assert outcomes.count(person.name) == 1
    assert set(outcomes) <= {person.name, "asked again", "refused"}


def test_of_sixteen_pam_logins_with_one_code_one_is_granted_every_time(new_person):
    people = [new_person() for _ in range(_ROUNDS)]
    granted = [logins.granted_to_rivals(person.name, person.authenticator.code(), _RIVALS)
               for person in people]
    assert granted == [1] * _ROUNDS


def roots_connections():
    """How many connections uid 0 has on the bus, counted by the bus itself."""
    answer = logins.run(["busctl", "list", "--unique", "--no-legend", "--no-pager"]).stdout
    return sum(1 for line in answer.splitlines() if " root " in line)


def test_four_hundred_waiting_sudo_prompts_hold_no_connection(sandbox, person):  # S12
    before = roots_connections()
    waiting = []
    try:
        for _ in range(_WAITING // _AT_ONCE):
            arriving = [logins.sudo(person.account) for _ in range(_AT_ONCE)]
            waiting += arriving
            for terminal in arriving:
                terminal.delaybeforesend = None  # sudo has switched echo off before it prompts
                logins.type_password(terminal, person.account)
            for terminal in arriving:
                terminal.expect(logins.CODE_PROMPT)
        assert roots_connections() <= before
        assert logins.run(["busctl", "status"]).returncode == 0
        one = waiting[-1]
        one.waitnoecho()
        one.sendline(person.authenticator.code())
        assert logins.outcome(one) == "root"
    finally:
        for terminal in waiting:
            logins.hang_up(terminal)

