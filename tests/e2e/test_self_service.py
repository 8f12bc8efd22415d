# SPDX-License-Identifier: MIT
"""The command line as an ordinary user runs it, against the real daemon, and what it leaves behind."""
import base64
import json
import pathlib
import stat

import pytest
from sandboxing import accounts, logins, totp, twinlock_daemon


def as_person(person, *command, answers=""):
    return logins.subprocess.run(
        logins.as_user(person.account, *command), input=answers, text=True, capture_output=True,
        check=False, timeout=60, cwd="/")


def enroll_own(person):
    """`twinlock enroll totp`, confirmed; the authenticator that it made."""
    terminal = logins.spawn(logins.as_user(person.account, "twinlock", "enroll", "totp", "--json"))
    terminal.expect(r"(\{.*\})\r\n")
    authenticator = totp.Authenticator(json.loads(terminal.match.group(1))["secret"])
    terminal.sendline(authenticator.code())
    terminal.expect(logins.pexpect.EOF)
    terminal.close()
    return authenticator if terminal.exitstatus == 0 else None


def test_the_first_method_is_a_persons_own_to_enroll(sandbox, new_person, secrets_used):  # S74
    person = new_person(enrolled=False)
    person.authenticator = enroll_own(person)
    secrets_used.append(person.authenticator.secret)
    terminal = logins.ssh(sandbox.ssh, person.account, key=True)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == person.name


def test_a_second_method_takes_the_first_one(person):  # S36, S74
    before = as_person(person, "twinlock", "list", "--json").stdout
    refused = as_person(person, "twinlock", "enroll", "totp", "--json",
                        answers=person.authenticator.wrong_code() + "\n")
    assert refused.returncode != 0 and "otpauth" not in refused.stdout
    assert as_person(person, "twinlock", "list", "--json").stdout == before


def test_the_only_method_is_not_removed_without_it(person):  # S36
    method = json.loads(as_person(person, "twinlock", "list", "--json").stdout)
    text = json.dumps(method)
    identifier = text.split('"id": "')[1].split('"')[0]
    refused = as_person(person, "twinlock", "remove", identifier, "--yes",
                        answers=person.authenticator.wrong_code() + "\n")
    assert refused.returncode != 0
    assert identifier in as_person(person, "twinlock", "list", "--json").stdout


@pytest.mark.parametrize("command", [
    ["admin", "user", "list"], ["admin", "policy", "set", "none"], ["admin", "log"],
    ["list", "--user", "root"]])
def test_administration_is_not_for_everybody(person, command):  # S31, S32
    result = as_person(person, "twinlock", *command)
    assert result.returncode not in (0, None) and result.stderr


def test_a_login_without_pam_takes_the_code(person):
    terminal = logins.spawn(logins.as_user(person.account, "twinlock", "test"))
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect(logins.pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_test_says_why_a_code_failed_and_is_one_record(person):  # S126
    failed = as_person(person, "twinlock", "test", answers=person.authenticator.wrong_code() + "\n")
    assert failed.returncode == 1
    assert "denied: wrong-code" in failed.stdout
    assert "is the time of your phone right?" in failed.stderr
    log = logins.run(["twinlock", "admin", "log", "--user", person.name, "--json"]).stdout
    denials = [line for line in log.splitlines() if '"login-denied"' in line]
    assert len(denials) == 1 and '"wrong-code"' in denials[0]


def test_a_recovery_code_logs_in_once(sandbox, person, secrets_used):  # S105, S106
    made = logins.run(["twinlock", "recovery-codes", "--user", person.name, "--json", "--yes"])
    assert made.returncode == 0, made.stderr
    codes = next(value for value in json.loads(made.stdout).values() if isinstance(value, list))
    secrets_used.extend(codes)
    outcomes = []
    for code in (codes[0], codes[0]):
        terminal = logins.ssh(sandbox.ssh, person.account, key=True)
        logins.type_code(terminal, code)
        outcomes.append(logins.outcome(terminal))
        logins.hang_up(terminal)
    assert outcomes[0] == person.name
    assert outcomes[1] != person.name


def test_the_state_directory_is_the_daemons_alone(person):  # S119
    assert stat.S_IMODE(twinlock_daemon.STATE.stat().st_mode) == 0o700
    for file in twinlock_daemon.STATE.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert file.owner() == "twinlock"


def test_no_file_of_the_store_shows_a_seed_or_a_password(person):  # S114
    seed = base64.b32decode(person.authenticator.secret + "=" * (-len(
        person.authenticator.secret) % 8))
    spellings = [seed, seed.hex().encode(), person.authenticator.secret.encode(),
                 base64.b64encode(seed), person.account.password.encode()]
    for file in pathlib.Path(twinlock_daemon.STATE).iterdir():
        content = file.read_bytes()
        assert not [spelling for spelling in spellings if spelling in content], file


def test_an_account_that_is_gone_is_shown_as_gone(person):  # S148
    def told(*command):
        return json.loads(logins.run(["twinlock", "admin", "user", *command, "--json"]).stdout)

    def state():
        return {user["user"]: user["state"] for user in told("list")}[person.name]

    assert state() == "active"
    assert "gone" not in told("show", person.name)
    accounts.remove(person.name)
    assert state() == "gone"
    assert told("show", person.name)["gone"] is True


def test_a_factor_that_is_off_keeps_nobody_from_recovery_codes(person):
    def switch(how):
        assert logins.run(["twinlock", "admin", "factor", how, "recovery-code"]).returncode == 0

    switch("disable")
    try:
        made = logins.run(["twinlock", "recovery-codes", "--user", person.name, "--print-secrets"])
        assert "The factor recovery-code is switched off" in made.stderr
        code = made.stdout.split("1.  ")[1].split()[0]
        login = logins.spawn(["pamtester", "twinlock", person.name, "authenticate"])
        logins.type_code(login, code)
        login.expect("successfully authenticated")
    finally:
        switch("enable")
