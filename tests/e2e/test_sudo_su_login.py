# SPDX-License-Identifier: MIT
"""sudo, su and login, as an ordinary user runs them."""
from sandboxing import logins


def test_sudo_asks_for_password_and_code(person):
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == "root"


def test_a_login_shell_by_sudo_asks_for_the_code_too(person):
    terminal = logins.sudo(person.account, "-i")
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == "root"


def test_sudo_refuses_wrong_codes(person):
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    for _ in range(3):
        logins.type_code(terminal, person.authenticator.wrong_code())
    assert terminal.expect([logins.GRANTED, "[Ss]orry, try again", logins.pexpect.EOF]) != 0


def test_ctrl_c_at_sudos_code_prompt_ends_it(person):  # S04
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    terminal.expect(logins.CODE_PROMPT)
    assert logins.interrupt(terminal) == "refused"
    terminal.close()
    assert terminal.exitstatus != 0


def test_ctrl_d_at_sudos_code_prompt_grants_nothing(person):  # S04
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    terminal.expect(logins.CODE_PROMPT)
    terminal.waitnoecho()
    terminal.sendeof()
    assert terminal.expect([logins.GRANTED, logins.PASSWORD_PROMPT, logins.pexpect.EOF]) != 0


def test_ctrl_d_at_sus_code_prompt_ends_it(new_person):  # S04
    caller, target = new_person(), new_person()
    terminal = logins.su(caller.account, target.account)
    logins.type_password(terminal, target.account)
    terminal.expect(logins.CODE_PROMPT)
    terminal.waitnoecho()
    terminal.sendeof()
    assert logins.outcome(terminal) == "refused"


def test_ctrl_d_at_logins_code_prompt_begins_no_session(person):  # S04
    terminal = logins.login(person.account)
    logins.type_password(terminal, person.account)
    terminal.expect(logins.CODE_PROMPT)
    terminal.waitnoecho()
    terminal.sendeof()
    assert terminal.expect([r"\$ ", "[Ll]ogin incorrect", logins.pexpect.EOF]) != 0


def test_sudo_reads_password_and_code_from_a_pipe_when_told_to(person):
    terminal = logins.subprocess.run(
        logins.as_user(person.account, "sudo", "-k", "-S", "id", "-un"), text=True,
        input=f"{person.account.password}\n{person.authenticator.code()}\n",
        capture_output=True, check=False, timeout=60, cwd="/")
    assert terminal.stdout == "root\n", terminal.stderr


def test_su_asks_for_the_other_accounts_code(new_person):
    caller, target = new_person(), new_person()
    terminal = logins.su(caller.account, target.account)
    logins.type_password(terminal, target.account)
    logins.type_code(terminal, target.authenticator.code())
    assert logins.outcome(terminal) == target.name


def test_guesses_of_somebody_else_leave_sudo_open_in_ones_own_session(new_person):
    guesser, person = new_person(), new_person()
    terminal = logins.su(guesser.account, person.account)
    logins.type_password(terminal, person.account)
    for _ in range(3):
        logins.type_code(terminal, person.authenticator.wrong_code())
    assert logins.outcome(terminal) != person.name
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == "root"


def test_su_refuses_the_callers_own_code(new_person):
    caller, target = new_person(), new_person()
    terminal = logins.su(caller.account, target.account)
    logins.type_password(terminal, target.account)
    logins.type_code(terminal, caller.authenticator.code())
    assert logins.outcome(terminal) == "asked again"


def test_login_on_a_console_asks_for_the_code(person):
    terminal = logins.login(person.account)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect(r"\$ ")
    terminal.sendline("echo session-of-$(id -un)-granted")
    terminal.expect(f"session-of-{person.name}-granted")
