# SPDX-License-Identifier: MIT
"""Logins through the real ssh client and sshd."""
import os
import re

import pytest
from sandboxing import accounts, logins, sandbox as sandboxing, ssh_server


def at_code_prompt(sandbox, account, **options):
    """An ssh login that has given the password and is asked for the code."""
    terminal = logins.ssh(sandbox.ssh, account, **options)
    logins.type_password(terminal, account)
    terminal.expect(logins.CODE_PROMPT)
    return terminal


def answer(terminal, code):
    terminal.waitnoecho()
    terminal.sendline(code)
    return logins.outcome(terminal)


def test_password_and_code_log_in(sandbox, person):
    terminal = at_code_prompt(sandbox, person.account)
    assert answer(terminal, person.authenticator.code()) == person.name


def test_a_login_without_a_key_is_no_error_in_the_log(sandbox, person, syslog):
    terminal = at_code_prompt(sandbox, person.account)
    assert answer(terminal, person.authenticator.code()) == person.name
    logged = syslog()
    assert f"session opened for user {person.name}" in logged
    assert "pam_exec" not in logged


def test_key_and_code_log_in_without_the_password(sandbox, person):  # S15
    terminal = logins.ssh(sandbox.ssh, person.account, key=True)
    assert terminal.expect([logins.CODE_PROMPT, logins.PASSWORD_PROMPT]) == 0
    assert answer(terminal, person.authenticator.code()) == person.name


def test_a_key_alone_does_not_log_in(sandbox, person):  # S29
    terminal = logins.ssh(sandbox.ssh, person.account, key=True,
                          options=["PreferredAuthentications=publickey"])
    assert logins.outcome(terminal) == "refused"


def test_a_wrong_password_is_refused_before_any_code_is_asked(sandbox, person):  # S26
    terminal = logins.ssh(sandbox.ssh, person.account)
    terminal.expect(logins.PASSWORD_PROMPT)
    terminal.sendline("wrong" + person.account.password)
    assert logins.outcome(terminal) == "refused"


def test_after_wrong_codes_the_right_one_still_logs_in(sandbox, person):
    terminal = at_code_prompt(sandbox, person.account)
    wrong = person.authenticator.wrong_code()
    assert answer(terminal, wrong) == "asked again"
    assert answer(terminal, wrong) == "asked again"
    assert answer(terminal, person.authenticator.code()) == person.name


def test_the_third_wrong_code_ends_the_login(sandbox, person):  # S03
    terminal = at_code_prompt(sandbox, person.account)
    wrong = person.authenticator.wrong_code()
    assert [answer(terminal, wrong) for _ in range(3)] == ["asked again", "asked again", "refused"]
    terminal.close()
    assert terminal.exitstatus == 255


def test_a_code_is_taken_once(sandbox, person):
    first = at_code_prompt(sandbox, person.account)
    assert answer(first, person.authenticator.code()) == person.name
    second = at_code_prompt(sandbox, person.account)
    assert answer(second, person.authenticator.spent_code()) == "asked again"


def test_ctrl_c_at_the_prompt_ends_the_login_and_the_next_one_works(sandbox, person):  # S04
    terminal = at_code_prompt(sandbox, person.account)
    assert logins.interrupt(terminal) == "refused"
    again = at_code_prompt(sandbox, person.account)
    assert answer(again, person.authenticator.code()) == person.name


def test_ctrl_d_at_the_prompt_ends_the_login(sandbox, person):  # S04
    terminal = at_code_prompt(sandbox, person.account)
    terminal.waitnoecho()
    terminal.sendeof()
    assert logins.outcome(terminal) == "refused"


def test_an_empty_answer_is_refused(sandbox, person):  # S04
    terminal = at_code_prompt(sandbox, person.account)
    assert answer(terminal, "") == "refused"


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_prompt_reads_the_same_in_any_locale(sandbox, person, locale):
    environment = dict(os.environ, LC_ALL=locale, LANG=locale, TERM="dumb")
    terminal = at_code_prompt(sandbox, person.account, env=environment,
                              options=["SendEnv=LANG LC_ALL"])
    assert re.search(r"Verification code: $", terminal.after)
    assert terminal.after.isascii()
    assert answer(terminal, person.authenticator.code()) == person.name


def transcript(sandbox, account, code):
    """All that a login with the right password and a wrong code shows."""
    terminal = at_code_prompt(sandbox, account, key=False)
    seen = [terminal.before, terminal.after]
    while answer(terminal, code) == "asked again":
        seen += [terminal.before, terminal.after]
    seen.append(terminal.before)
    return "".join(seen).replace(account.name, "NAME")


def test_nothing_tells_that_an_account_is_not_enrolled(sandbox, new_person):  # S25
    enrolled, unenrolled = new_person(), new_person(enrolled=False)
    wrong = enrolled.authenticator.wrong_code()
    assert transcript(sandbox, unenrolled.account, wrong) == transcript(
        sandbox, enrolled.account, wrong)


def test_a_session_outlives_the_bus_and_the_daemon(sandbox, person, daemon):  # S15
    terminal = logins.ssh(sandbox.ssh, person.account, command=f"{logins.PROVE}; exec cat")
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == person.name
    daemon.stop()
    terminal.sendline("still here")
    terminal.expect("still here")
    terminal.sendeof()
    terminal.expect(logins.pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_where_sshd_replays_the_password_the_login_is_refused_and_not_counted(
        sandbox, person, syslog):  # S05
    """With the method "password" sshd answers every hidden prompt with the password."""
    server = ssh_server.SshServer(
        sandboxing.RUNTIME / "password-only",
        "PasswordAuthentication yes\nKbdInteractiveAuthentication no\n"
        "AuthenticationMethods password\n")
    server.start()
    for _ in range(4):
        terminal = logins.ssh(server, person.account)
        logins.type_password(terminal, person.account)
        assert logins.outcome(terminal) == "refused"
    assert "KbdInteractiveAuthentication" in syslog()
    terminal = at_code_prompt(sandbox, person.account)
    assert answer(terminal, person.authenticator.code()) == person.name


def test_sftp_asks_for_the_code_too(sandbox, person):
    line = logins.ssh_command(sandbox.ssh, person.account)
    settings = [word for word in line[1:-1] if word not in ("-p", str(sandbox.ssh.port))]
    terminal = logins.spawn(["sftp", "-P", sandbox.ssh.port, *settings, line[-1]])
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect("sftp> ")
    terminal.sendline("pwd")
    terminal.expect(f"Remote working directory: {person.account.home}")


def test_an_account_that_came_back_with_another_uid_has_no_enrollment(
        sandbox, new_person):  # S37, S148
    gone = new_person()
    accounts.remove(gone.name)
    back = accounts.add(gone.name, uid=gone.account.uid + 1000)
    terminal = at_code_prompt(sandbox, back)
    assert answer(terminal, gone.authenticator.code()) == "asked again"
