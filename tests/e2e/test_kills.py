# SPDX-License-Identifier: MIT
"""The daemon is killed at every stage of an enrollment and of a login (S130).

Each round is one new account and four kills. They spread over how long each stage takes here when
nobody disturbs it, and somewhat beyond. TWINLOCK_KILLS is the number of kills.
"""
import json
import os
import subprocess
import threading
import time

import pytest
from sandboxing import enrollment, logins, totp

_KILLS_A_ROUND = 4
_ROUNDS = max(1, int(os.environ.get("TWINLOCK_KILLS", "16")) // _KILLS_A_ROUND)
_WRONG_EVERY = 4  # rounds: in one of them the judged code is a wrong one
_BEYOND = 1.2  # the last kill, in durations of its stage


class Stages:
    """How long each stage takes undisturbed, and the kill in the midst of it."""

    def __init__(self, daemon):
        self._daemon = daemon
        self._seconds = {}

    def measure(self, stage, work):
        began = time.monotonic()
        result = work()
        self._seconds[stage] = time.monotonic() - began
        return result

    def kill_in(self, stage, number):
        # The golden ratio spreads any number of kills evenly, each stage in an order of its own.
        part = (number * 0.6180339887 + 0.25 * list(self._seconds).index(stage)) % 1
        threading.Event().wait(part * _BEYOND * self._seconds[stage])
        self._daemon.kill()
        self._daemon.start()


class Login:
    """One login through the module."""

    def __init__(self, person):
        self._terminal = logins.spawn(["pamtester", "twinlock", person.name, "authenticate"])
        self._terminal.delaybeforesend = None

    def is_asked(self):
        found = self._terminal.expect([logins.CODE_PROMPT, logins.pexpect.EOF])
        if found == 0:
            self._terminal.waitnoecho()
        return found == 0

    def type(self, code):
        self._terminal.sendline(code)

    def is_granted(self):
        found = self._terminal.expect(
            ["successfully authenticated", logins.CODE_PROMPT, logins.pexpect.EOF])
        logins.hang_up(self._terminal)
        return found == 0


class Enrolling:
    """`twinlock enroll totp` for a person: what it offers, and how it ends."""

    def __init__(self, person):
        self._process = subprocess.Popen(
            ["twinlock", "enroll", "totp", "--json", "--user", person.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.authenticator = None

    def is_offered(self):
        line = self._process.stdout.readline()
        offer = json.loads(line) if line else {}
        if "secret" not in offer:
            self._process.communicate()
            return False
        self.authenticator = totp.Authenticator(offer["secret"])
        return True

    def type_code(self):
        self._process.stdin.write(self.authenticator.code() + "\n")
        self._process.stdin.flush()

    def is_confirmed(self):
        self._process.communicate()
        return self._process.returncode == 0


def log_in(person, code):
    login = Login(person)
    if not login.is_asked():
        return False
    login.type(code)
    return login.is_granted()


@pytest.fixture(scope="module")
def stages(sandbox):
    """Measured with one enrollment and one login."""
    measured = Stages(sandbox.daemon)

    class Somebody:
        name = sandbox.account.name

    enrolling = Enrolling(Somebody)
    measured.measure("offer", enrolling.is_offered)
    enrolling.type_code()
    assert measured.measure("confirmation", enrolling.is_confirmed)
    login = Login(Somebody)
    assert measured.measure("prompt", login.is_asked)
    login.type(enrolling.authenticator.code())
    assert measured.measure("judgement", login.is_granted)
    return measured


def enroll_amid_kills(person, stages, number):
    """Returns what was offered and whether it was confirmed, as the command told the person."""
    enrolling = Enrolling(person)
    stages.kill_in("offer", number)
    if not enrolling.is_offered():
        enrolling = Enrolling(person)
        assert enrolling.is_offered(), "the next enrollment needs no repair"
    enrolling.type_code()
    stages.kill_in("confirmation", number)
    return enrolling.authenticator, enrolling.is_confirmed()


@pytest.mark.parametrize("number", range(_ROUNDS))
def test_kills_lose_no_enrollment_and_make_no_code_work_twice(
        new_person, stages, secrets_used, number, record_property):  # S41, S87, S130
    person = new_person(enrolled=False)
    person.authenticator, confirmed = enroll_amid_kills(person, stages, number)
    if not confirmed:
        person.authenticator = enrollment.enroll(person.name)
    secrets_used.append(person.authenticator.secret)

    first = Login(person)
    stages.kill_in("prompt", number)
    asked = first.is_asked()
    if not asked:
        first = Login(person)
        assert first.is_asked(), "the next login needs no repair"
    is_wrong = number % _WRONG_EVERY == _WRONG_EVERY - 1
    code = person.authenticator.wrong_code() if is_wrong else person.authenticator.code()
    first.type(code)
    stages.kill_in("judgement", number)
    granted = [first.is_granted(),
               log_in(person, person.authenticator.code() if is_wrong else code)]

    record_property("outcomes", json.dumps(
        {"confirmed": confirmed, "asked": asked, "wrong": is_wrong, "granted": granted}))
    if is_wrong:
        assert granted == [False, True]
    else:
        assert granted.count(True) <= 1
    assert log_in(person, person.authenticator.code()), "the next login needs no repair"
