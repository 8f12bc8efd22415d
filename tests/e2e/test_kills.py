# SPDX-License-Identifier: MIT
"""The daemon is killed while it judges an answer, a little later in each round (S130)."""
import threading

import pytest
from sandboxing import logins

_ROUNDS = 16
_STEP = 0.004  # seconds between the answer and the kill, times the number of the round


def pam_login(person, code, meanwhile=lambda: None):
    """One login through the module; `meanwhile` runs once the answer is typed."""
    terminal = logins.spawn(["pamtester", "twinlock", person.name, "authenticate"])
    terminal.delaybeforesend = None
    logins.type_code(terminal, code)
    meanwhile()
    found = terminal.expect(["successfully authenticated", logins.CODE_PROMPT, logins.pexpect.EOF])
    logins.hang_up(terminal)
    return found == 0


@pytest.mark.parametrize("number", range(_ROUNDS))
def test_a_kill_while_a_code_is_judged_makes_no_code_work_twice(
        new_person, daemon, number):  # S41, S87, S130
    person = new_person()

    def kill_and_restart():
        threading.Event().wait(number * _STEP)  # where exactly it hits is not for us to say
        daemon.kill()
        daemon.start()

    code = person.authenticator.code()
    granted = [pam_login(person, code, kill_and_restart), pam_login(person, code)]
    assert granted.count(True) <= 1
    assert pam_login(person, person.authenticator.code()), "the next login needs no repair"
